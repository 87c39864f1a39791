import { type AlertCase, chat, firing, gateway, type Series } from './alert-case.js';

/** Both checks of Redis of two gateways and two chat services, by the pod: 1 or 0 from the fifth minute on. */
const redis = (states: Readonly<Record<'g1' | 'g2' | 'c1' | 'c2', 0 | 1>>): Series =>
  Object.fromEntries(
    Object.entries(states).flatMap(([pod, up]) => {
      const [metric, second] = pod.startsWith('g')
        ? ([gateway, 'redis-subscriptions'] as const)
        : ([chat, 'redis-publishing'] as const);
      const name = pod.startsWith('g') ? 'chat_gateway_health_check_up' : 'chat_health_check_up';
      return [
        [metric(name, pod, { check: 'redis-commands' }), '1x60'],
        [metric(name, pod, { check: second }), `1x4 ${up}x60`],
      ];
    }),
  );
const mongodb = (pod: string, check: string, up: 0 | 1): Series => ({
  [chat('chat_health_check_up', pod, { check })]: `1x4 ${up}x60`,
});
const upGateway = (pod: string, up: 0 | 1): Series => ({ [gateway('up', pod)]: `1x4 ${up}x60` });
const upChat = (pod: string, up: 0 | 1): Series => ({ [chat('up', pod)]: `1x4 ${up}x60` });
const open = (pod: string, offset: string, isOpen: 0 | 1): Series => ({
  [chat('chat_months_open', pod, { offset })]: `${isOpen}x60`,
});
const keys = (failed: string): Series => ({
  [gateway('chat_gateway_jwks_kept_until_seconds', 'g1')]: '3600x60',
  [gateway('chat_gateway_jwks_age_seconds', 'g1')]: '0+60x60',
  [gateway('chat_gateway_jwks_readings_total', 'g1', { result: 'failed' })]: failed,
});

/** What the alerts of parts are tried on. */
export const partCases: readonly AlertCase[] = [
  {
    title: 'no chat service has a majority of MongoDB',
    series: {
      ...mongodb('c1', 'mongodb', 1),
      ...mongodb('c1', 'mongodb-majority', 0),
      ...mongodb('c2', 'mongodb', 0),
      ...mongodb('c2', 'mongodb-majority', 0),
    },
    alert: 'ParlanceStoreAway',
    minute: 10,
    fires: [{ severity: 'critical', summary: 'MongoDB takes no majority writes: 0% of the chat services reach it' }],
  },
  {
    title: 'one of two chat services starts, and has not looked at MongoDB yet',
    series: { ...mongodb('c1', 'mongodb-majority', 1), ...mongodb('c2', 'mongodb-majority', 0) },
    alert: 'ParlanceStoreAway',
    minute: 10,
    fires: [],
  },
  {
    title: 'no gateway has a stream',
    series: { [gateway('chat_gateway_streams', 'g1')]: '2x4 0x60', [gateway('chat_gateway_streams', 'g2')]: '0x60' },
    alert: 'ParlanceNoChatService',
    minute: 10,
    fires: [
      {
        severity: 'critical',
        labels: { cause: 'no gateway has a stream to a chat service' },
        summary: 'no gateway has a stream to a chat service',
      },
    ],
  },
  {
    title: 'no chat service answers, and Prometheus has not asked the gateways since',
    series: { [gateway('chat_gateway_streams', 'g1')]: '2x60', ...upChat('c1', 0), ...upChat('c2', 0) },
    alert: 'ParlanceNoChatService',
    minute: 10,
    fires: [
      {
        severity: 'critical',
        labels: { cause: 'no chat service answers Prometheus' },
        summary: 'no chat service answers Prometheus',
      },
    ],
  },
  {
    title: 'one of two gateways has no stream, and one of two chat services is gone',
    series: {
      [gateway('chat_gateway_streams', 'g1')]: '1x60',
      [gateway('chat_gateway_streams', 'g2')]: '0x60',
      ...upChat('c1', 0),
      ...upChat('c2', 1),
    },
    alert: 'ParlanceNoChatService',
    minute: 10,
    fires: [],
  },
  {
    title: 'chat services wait for MongoDB',
    series: { [gateway('chat_gateway_streams', 'g1')]: '0x60', ...firing('ParlanceStoreAway') },
    alert: 'ParlanceNoChatService',
    minute: 10,
    fires: [],
  },
  {
    title: 'all gateways are gone',
    series: { ...upGateway('g1', 0), ...upGateway('g2', 0) },
    alert: 'ParlanceNoGateway',
    minute: 10,
    fires: [{ severity: 'critical', summary: 'no gateway answers Prometheus' }],
  },
  {
    title: 'a gateway is left',
    series: { ...upGateway('g1', 0), ...upGateway('g2', 1) },
    alert: 'ParlanceNoGateway',
    minute: 10,
    fires: [],
  },
  {
    title: 'three of four pods do not have Redis',
    series: redis({ g1: 0, g2: 0, c1: 0, c2: 1 }),
    alert: 'ParlanceRedisAway',
    minute: 10,
    fires: [
      {
        severity: 'critical',
        summary: 'only 25% of gateways and chat services have Redis as they need it',
      },
    ],
  },
  {
    title: 'two of four pods do not have Redis',
    series: redis({ g1: 0, g2: 1, c1: 0, c2: 1 }),
    alert: 'ParlanceRedisAway',
    minute: 10,
    fires: [],
  },
  {
    title: 'the next month is not open',
    series: { ...open('c1', '0', 1), ...open('c1', '1', 0), ...open('c2', '0', 1), ...open('c2', '1', 0) },
    alert: 'ParlanceMonthMissing',
    minute: 15,
    fires: [{ severity: 'critical', labels: { offset: '1' }, summary: 'the next month is not open for messages' }],
  },
  {
    title: 'only the month after the next is not open, and a pod has not looked yet',
    series: { ...open('c1', '0', 1), ...open('c1', '1', 1), ...open('c1', '2', 0), ...open('c2', '0', 0) },
    alert: 'ParlanceMonthMissing',
    minute: 15,
    fires: [],
  },
  {
    title: 'no month is known while MongoDB is away',
    series: { ...open('c1', '0', 0), ...firing('ParlanceStoreAway') },
    alert: 'ParlanceMonthMissing',
    minute: 15,
    fires: [],
  },
  {
    title: 'one of two chat services is gone',
    series: { ...upChat('c1', 0), ...upChat('c2', 1) },
    alert: 'ParlanceChatServiceGone',
    minute: 10,
    fires: [{ severity: 'warning', labels: { pod: 'c1' }, summary: 'the chat service c1 does not answer Prometheus' }],
  },
  {
    title: 'all chat services are gone',
    series: { ...upChat('c1', 0), ...upChat('c2', 0) },
    alert: 'ParlanceChatServiceGone',
    minute: 10,
    fires: [],
  },
  {
    title: 'one of two gateways is gone',
    series: { ...upGateway('g1', 0), ...upGateway('g2', 1) },
    alert: 'ParlanceGatewayGone',
    minute: 10,
    fires: [{ severity: 'warning', labels: { pod: 'g1' }, summary: 'the gateway g1 does not answer Prometheus' }],
  },
  {
    title: 'all gateways are gone, which is another alert',
    series: { ...upGateway('g1', 0), ...upGateway('g2', 0) },
    alert: 'ParlanceGatewayGone',
    minute: 10,
    fires: [],
  },
  {
    title: 'Prometheus does not know the chat services',
    series: upGateway('g1', 1),
    alert: 'ParlanceNotWatched',
    minute: 15,
    fires: [
      {
        severity: 'warning',
        labels: { job: 'chat-parlance-chat-service' },
        summary: 'Prometheus knows no pod of chat-parlance-chat-service',
      },
    ],
  },
  {
    title: 'Prometheus knows both, whether they answer or not',
    series: { ...upGateway('g1', 1), ...upChat('c1', 0) },
    alert: 'ParlanceNotWatched',
    minute: 15,
    fires: [],
  },
  {
    title: 'one gateway hears nothing, and Redis does not take what one chat service publishes',
    series: redis({ g1: 1, g2: 0, c1: 0, c2: 1 }),
    alert: 'ParlanceLinkDeaf',
    minute: 15,
    fires: [
      {
        severity: 'critical',
        labels: { pod: 'g2', check: 'redis-subscriptions' },
        summary: 'g2: redis-subscriptions does not work',
      },
      {
        severity: 'critical',
        labels: { pod: 'c1', check: 'redis-publishing' },
        summary: 'c1: redis-publishing does not work',
      },
    ],
  },
  {
    title: 'nobody has Redis, which is another alert',
    series: redis({ g1: 0, g2: 0, c1: 0, c2: 0 }),
    alert: 'ParlanceLinkDeaf',
    minute: 15,
    fires: [],
  },
  {
    title: 'a gateway has 95 of 100 connections',
    series: {
      [gateway('chat_gateway_connections', 'g1')]: '95x60',
      [gateway('chat_gateway_connections_limit', 'g1')]: '100x60',
      [gateway('chat_gateway_connections', 'g2')]: '85x60',
      [gateway('chat_gateway_connections_limit', 'g2')]: '100x60',
    },
    alert: 'ParlanceConnectionsFull',
    minute: 15,
    fires: [
      {
        severity: 'warning',
        labels: { pod: 'g1' },
        summary: 'the gateway g1 has 95% of the connections that it takes',
      },
    ],
  },
  {
    title: 'a gateway was full, and one does not say what it takes',
    series: {
      [gateway('chat_gateway_connections', 'g1')]: '100x3 50x60',
      [gateway('chat_gateway_connections_limit', 'g1')]: '100x60',
      [gateway('chat_gateway_connections', 'g2')]: '95x60',
      [gateway('chat_gateway_connections_limit', 'g2')]: '0x60',
    },
    alert: 'ParlanceConnectionsFull',
    minute: 15,
    fires: [],
  },
  {
    title: 'a certificate ends in less than two weeks',
    series: {
      [gateway('chat_gateway_certificate_expires_seconds', 'g1', { use: 'grpc' })]: `${86_400 * 7}x60`,
      [chat('chat_certificate_expires_seconds', 'c1', { use: 'grpc' })]: `${86_400 * 90}x60`,
    },
    alert: 'ParlanceCertificateExpires',
    minute: 20,
    fires: [
      {
        severity: 'warning',
        labels: { job: 'chat-parlance-gateway', use: 'grpc' },
        summary: 'the certificate grpc of chat-parlance-gateway ends in 6d 23h 40m 0s',
      },
    ],
  },
  {
    title: 'certificates are good for three months',
    series: { [chat('chat_certificate_expires_seconds', 'c1', { use: 'mongodb' })]: `${86_400 * 90}x60` },
    alert: 'ParlanceCertificateExpires',
    minute: 20,
    fires: [],
  },
  {
    title: 'more than half of the time is over, and the keys cannot be read',
    series: keys('0+1x60'),
    alert: 'ParlanceTokenKeysOld',
    minute: 45,
    fires: [
      {
        severity: 'critical',
        summary: 'the keys that tokens are checked with cannot be read, and are dropped in 15m 0s',
      },
    ],
  },
  {
    title: 'nobody came for hours, so nobody read the keys',
    series: keys('3x60'),
    alert: 'ParlanceTokenKeysOld',
    minute: 45,
    fires: [],
  },
];
