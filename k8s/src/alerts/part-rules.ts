import type { AlertRule } from './alert-rule.js';

/** Parts that are away, and what is about to end. */
export const partRules: readonly AlertRule[] = [
  {
    alert: 'ParlanceStoreAway',
    severity: 'critical',
    pending: '1m',
    summary: 'MongoDB takes no majority writes: {{ $value | humanizePercentage }} of the chat services reach it',
    description: 'Nothing can be sent and nobody can connect; open connections stay. What was acknowledged is kept.',
    expr: `avg by (namespace) (min by (namespace, pod) (chat_health_check_up{$chat,check=~"mongodb|mongodb-majority"})) < 0.5`,
  },
  {
    alert: 'ParlanceNoChatService',
    severity: 'critical',
    pending: '1m',
    summary: '{{ $labels.cause }}',
    description: 'Nothing can be sent or read, and nobody can connect. What was acknowledged is kept.',
    expr: `label_replace(max by (namespace) (chat_gateway_streams{$gateway}) == 0, "cause", "no gateway has a stream to a chat service", "", "")
  or on (namespace) label_replace(max by (namespace) (up{$chat}) == 0, "cause", "no chat service answers Prometheus", "", "")`,
    leavesTo: { alerts: ['ParlanceStoreAway'], for: '10m' },
  },
  {
    alert: 'ParlanceNoGateway',
    severity: 'critical',
    pending: '1m',
    summary: 'no gateway answers Prometheus',
    description: 'Nobody can connect, send or read. What was acknowledged is kept.',
    expr: 'max by (namespace) (up{$gateway}) == 0',
  },
  {
    alert: 'ParlanceRedisAway',
    severity: 'critical',
    pending: '1m',
    summary: 'only {{ $value | humanizePercentage }} of gateways and chat services have Redis as they need it',
    description:
      "Sends and history go on. Messages come some seconds late, by the gateways' sweeps; typing and receipts are not shown meanwhile.",
    expr: `avg by (namespace) (
  min by (namespace, pod) (chat_gateway_health_check_up{$gateway,check=~"redis-commands|redis-subscriptions"})
    or min by (namespace, pod) (chat_health_check_up{$chat,check=~"redis-commands|redis-publishing"})
) < 0.5`,
  },
  {
    alert: 'ParlanceMonthMissing',
    severity: 'critical',
    pending: '1m',
    summary: '{{ if eq $labels.offset "0" }}this month{{ else }}the next month{{ end }} is not open for messages',
    description:
      'Rooms cannot be created, and none can go on, in a month that is not open: sends fail from its first second.',
    expr: 'max by (namespace, offset) (chat_months_open{$chat,offset=~"0|1"}) == 0',
    leavesTo: { alerts: ['ParlanceStoreAway'], for: '10m' },
  },
  {
    alert: 'ParlanceChatServiceGone',
    severity: 'warning',
    pending: '2m',
    summary: 'the chat service {{ $labels.pod }} does not answer Prometheus',
    description: 'Others have taken over its rooms; there is one less to take over theirs.',
    expr: 'max by (namespace, pod) (up{$chat}) == 0',
    leavesTo: { alerts: ['ParlanceNoChatService'], for: '10m' },
  },
  {
    alert: 'ParlanceGatewayGone',
    severity: 'warning',
    pending: '2m',
    summary: 'the gateway {{ $labels.pod }} does not answer Prometheus',
    description: 'Its people are connected to others; there is one less to take theirs.',
    expr: 'max by (namespace, pod) (up{$gateway}) == 0',
    leavesTo: { alerts: ['ParlanceNoGateway'], for: '10m' },
  },
  {
    alert: 'ParlanceNotWatched',
    severity: 'warning',
    pending: '10m',
    summary: 'Prometheus knows no pod of {{ $labels.job }}',
    description: 'No other alert of these pods can fire.',
    expr: 'absent(up{$gateway}) or absent(up{$chat})',
  },
  {
    alert: 'ParlanceLinkDeaf',
    severity: 'critical',
    pending: '5m',
    summary: '{{ $labels.pod }}: {{ $labels.check }} does not work',
    description:
      'Others have what this pod has not. People of this gateway, or of rooms of this chat service, get messages late or cannot send.',
    expr: `min by (namespace, pod, check) (
  chat_gateway_health_check_up{$gateway,check=~"chat-service|redis-.+"} or chat_health_check_up{$chat,check=~"redis-.+"}
) == 0`,
    leavesTo: { alerts: ['ParlanceRedisAway', 'ParlanceNoChatService', 'ParlanceStoreAway'], for: '10m' },
  },
  {
    alert: 'ParlanceConnectionsFull',
    severity: 'warning',
    pending: '5m',
    summary: 'the gateway {{ $labels.pod }} has {{ $value | humanizePercentage }} of the connections that it takes',
    description: 'At all of them it refuses whoever comes next with TOO_MANY_CONNECTIONS.',
    expr: `max by (namespace, pod) (chat_gateway_connections{$gateway})
  / max by (namespace, pod) (chat_gateway_connections_limit{$gateway} > 0) > 0.9`,
  },
  {
    alert: 'ParlanceCertificateExpires',
    severity: 'warning',
    pending: '10m',
    summary: 'the certificate {{ $labels.use }} of {{ $labels.job }} ends in {{ $value | humanizeDuration }}',
    description: 'From then on whoever checks it refuses new connections.',
    expr: `min by (namespace, job, use) (
  chat_gateway_certificate_expires_seconds{$gateway} or chat_certificate_expires_seconds{$chat}
) - time() < 14 * 86400`,
  },
  {
    alert: 'ParlanceTokenKeysOld',
    severity: 'critical',
    pending: '10m',
    summary: 'the keys that tokens are checked with cannot be read, and are dropped in {{ $value | humanizeDuration }}',
    description: 'Then nobody can connect; those who are connected stay until their token has to be renewed.',
    expr: `min by (namespace) (
  (chat_gateway_jwks_kept_until_seconds{$gateway} > 0) - time() < chat_gateway_jwks_age_seconds{$gateway}
    and on (namespace, pod) increase(chat_gateway_jwks_readings_total{$gateway,result="failed"}[30m]) > 0
)`,
  },
];
