import { type AlertCase, firing, gateway, type Series } from './alert-case.js';

const sends = (counts: Readonly<Record<string, string>>): Series =>
  Object.fromEntries(
    Object.entries(counts).map(([code, values]) => [
      gateway('chat_gateway_requests_total', 'g1', { event: 'sendMessage', code }),
      values,
    ]),
  );
/** Of a histogram: what takes up to a second, and all. Prometheus 3 writes a bucket as the second of them. */
const times = (
  metric: string,
  quick: string,
  all: string,
  le = '1',
  labels: Readonly<Record<string, string>> = {},
) => ({
  [gateway(`${metric}_bucket`, 'g1', { ...labels, le })]: quick,
  [gateway(`${metric}_count`, 'g1', labels)]: all,
});
const ack = (quick: string, all: string, le?: string): Series =>
  times('chat_gateway_request_duration_seconds', quick, all, le, { event: 'sendMessage' });
const delivery = (quick: string, all: string): Series => times('chat_gateway_message_end_to_end_seconds', quick, all);

/** What the alerts of objectives are tried on. */
export const objectiveCases: readonly AlertCase[] = [
  {
    title: 'one of ten sends is refused for want of a store',
    series: sends({ OK: '0+90x60', STORE_UNAVAILABLE: '0+10x60' }),
    alert: 'ParlanceSendsRefused',
    minute: 30,
    fires: (['critical', 'warning'] as const).map((severity) => ({
      severity,
      summary: '10% of what people send, and of their connections, is refused for no fault of theirs',
    })),
  },
  {
    title: 'one of a hundred sends is refused: too much for a month, and no reason to wake somebody',
    series: sends({ OK: '0+990x60', INTERNAL: '0+10x60' }),
    alert: 'ParlanceSendsRefused',
    minute: 30,
    fires: [
      {
        severity: 'warning',
        summary: '1% of what people send, and of their connections, is refused for no fault of theirs',
      },
    ],
  },
  {
    title: 'people send what is too large, and too much, and one of ten thousand is refused',
    series: sends({ OK: '0+9999x60', MESSAGE_TOO_LARGE: '0+2500x60', RATE_LIMITED: '0+2500x60', INTERNAL: '0+1x60' }),
    alert: 'ParlanceSendsRefused',
    minute: 30,
    fires: [],
  },
  {
    title: 'few send, and some of it is refused',
    series: sends({ OK: '0+1x60', STORE_UNAVAILABLE: '0x20 1 2 3x60' }),
    alert: 'ParlanceSendsRefused',
    minute: 30,
    fires: [],
  },
  {
    title: 'sends were refused half an hour ago',
    series: sends({ OK: '0+90x60', STORE_UNAVAILABLE: '0+90x10 900x60' }),
    alert: 'ParlanceSendsRefused',
    minute: 50,
    fires: [],
  },
  {
    title: 'nobody can connect, so nobody sends',
    series: {
      ...sends({ OK: '500x60' }),
      [gateway('chat_gateway_requests_total', 'g1', { event: 'connect', code: 'DEADLINE_EXCEEDED' })]: '0+10x60',
    },
    alert: 'ParlanceSendsRefused',
    minute: 30,
    fires: (['critical', 'warning'] as const).map((severity) => ({
      severity,
      summary: '100% of what people send, and of their connections, is refused for no fault of theirs',
    })),
  },
  {
    title: 'nobody sends',
    series: sends({ OK: '5x60', STORE_UNAVAILABLE: '5x60' }),
    alert: 'ParlanceSendsRefused',
    minute: 30,
    fires: [],
  },
  {
    title: 'sends are refused since MongoDB is away',
    series: { ...sends({ OK: '0+1x60', STORE_UNAVAILABLE: '0+90x60' }), ...firing('ParlanceStoreAway') },
    alert: 'ParlanceSendsRefused',
    minute: 30,
    fires: [],
  },
  {
    title: 'one of five acknowledgements takes more than a second',
    series: ack('0+80x60', '0+100x60'),
    alert: 'ParlanceAcksSlow',
    minute: 30,
    fires: (['critical', 'warning'] as const).map((severity) => ({
      severity,
      summary: '20% of what people send is answered after more than a second',
    })),
  },
  {
    title: 'one of a thousand takes more than a second, says Prometheus 3',
    series: ack('0+999x60', '0+1000x60', '1.0'),
    alert: 'ParlanceAcksSlow',
    minute: 30,
    fires: [],
  },
  {
    title: 'one of five messages takes more than a second',
    series: delivery('0+80x60', '0+100x60'),
    alert: 'ParlanceDeliveriesSlow',
    minute: 30,
    fires: (['critical', 'warning'] as const).map((severity) => ({
      severity,
      summary: '20% of messages reach those who are there after more than a second',
    })),
  },
  {
    title: 'all messages come at once',
    series: delivery('0+100x60', '0+100x60'),
    alert: 'ParlanceDeliveriesSlow',
    minute: 30,
    fires: [],
  },
  {
    title: 'messages come late since Redis is away',
    series: { ...delivery('0+10x60', '0+100x60'), ...firing('ParlanceRedisAway') },
    alert: 'ParlanceDeliveriesSlow',
    minute: 30,
    fires: [],
  },
];
