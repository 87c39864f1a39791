import type { AlertRule } from './alert-rule.js';

/** Who cannot come in sends nothing that could be refused. */
const events = 'event=~"sendMessage|connect"';
const refusals = `chat_gateway_requests_total{$gateway,${events},code=~"STORE_UNAVAILABLE|DEADLINE_EXCEEDED|SHUTTING_DOWN|INTERNAL"}`;
const sends = `chat_gateway_requests_total{$gateway,${events}}`;

/** What people may expect, and what of it goes wrong. */
interface Objective {
  readonly alert: string;
  readonly summary: string;
  readonly description: string;
  /** Share that may go wrong in 30 days. */
  readonly budget: number;
  /** PromQL: how often a second it went wrong in a range, and how often it was tried. */
  readonly bad: (range: string) => string;
  readonly all: (range: string) => string;
  readonly causes: readonly string[];
}

const sumOfRate = (series: string, range: string): string => `sum by (namespace) (rate(${series}[${range}]))`;

/** More than a second. Prometheus 3 writes the bucket `1.0`. */
const slow =
  (histogram: string, labels: string) =>
  (range: string): string =>
    `(${sumOfRate(`${histogram}_count{${labels}}`, range)} - ${sumOfRate(`${histogram}_bucket{${labels},le=~"1|1.0"}`, range)})`;
const counted =
  (histogram: string, labels: string) =>
  (range: string): string =>
    sumOfRate(`${histogram}_count{${labels}}`, range);

const acks = ['chat_gateway_request_duration_seconds', '$gateway,event="sendMessage"'] as const;
const deliveries = ['chat_gateway_message_end_to_end_seconds', '$gateway'] as const;
const causesOfSends = ['ParlanceStoreAway', 'ParlanceNoChatService', 'ParlanceMonthMissing'];

const objectives: readonly Objective[] = [
  {
    alert: 'ParlanceSendsRefused',
    summary:
      '{{ $value | humanizePercentage }} of what people send, and of their connections, is refused for no fault of theirs',
    description: 'Nothing acknowledged is lost; clients send again under the same id until it is acknowledged.',
    budget: 0.001,
    bad: (range) => sumOfRate(refusals, range),
    all: (range) => sumOfRate(sends, range),
    causes: causesOfSends,
  },
  {
    alert: 'ParlanceAcksSlow',
    summary: '{{ $value | humanizePercentage }} of what people send is answered after more than a second',
    description: 'People see their messages wait.',
    budget: 0.01,
    bad: slow(...acks),
    all: counted(...acks),
    causes: causesOfSends,
  },
  {
    alert: 'ParlanceDeliveriesSlow',
    summary: '{{ $value | humanizePercentage }} of messages reach those who are there after more than a second',
    description: 'People talk past each other. Nothing is lost or out of order.',
    budget: 0.01,
    bad: slow(...deliveries),
    all: counted(...deliveries),
    causes: [...causesOfSends, 'ParlanceRedisAway'],
  },
];

/**
 * How quickly an objective of 30 days is being used up, over a long range so that it counts and a short one so that it ends soon:
 * 14.4 is 2 % of it in an hour, 6 is 5 % in six. https://sre.google/workbook/alerting-on-slos/, "Multiwindow, Multi-Burn-Rate Alerts".
 */
const speeds = [
  { severity: 'critical', factor: 14.4, short: '5m', long: '1h', pending: '2m', leftFor: '10m' },
  { severity: 'warning', factor: 6, short: '30m', long: '6h', pending: '15m', leftFor: '1h' },
] as const;

/** What happens less often in the long range wakes nobody, whatever its share: where few send, one failure is a large one. */
const fewest = 10;

/** Symptoms: what people notice, whatever it comes from. */
export const objectiveRules: readonly AlertRule[] = objectives.flatMap(
  ({ alert, summary, description, budget, bad, all, causes }) =>
    speeds.map(({ severity, factor, short, long, pending, leftFor }) => ({
      alert,
      severity,
      pending,
      summary,
      description,
      expr: `${bad(short)}
  / ${all(short)} > ${factor} * ${budget}
and on (namespace) ${bad(long)}
  / ${all(long)} > ${factor} * ${budget}
and on (namespace) ${bad(long).replaceAll('rate(', 'increase(')} > ${fewest}`,
      leavesTo: { alerts: causes, for: leftFor },
    })),
);
