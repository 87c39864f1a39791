import { chatServiceConfig } from '@parlance/chat-service/config';
import { gatewayConfig } from '@parlance/gateway/config';
import { jobsConfig } from '@parlance/jobs/config';
import { describeConfig } from '@parlance/runtime';
import { configSchema, type JsonSchema } from './config-schema.js';
import { setByChart } from './set-by-chart.js';

const anyMap: JsonSchema = { type: 'object' };
const textMap: JsonSchema = { type: 'object', additionalProperties: { type: 'string' } };
const oneOf = (...values: readonly string[]): JsonSchema => ({ enum: values });
const cron: JsonSchema = { type: 'string', pattern: '^(@\\w+|\\S+ \\S+ \\S+ \\S+ \\S+)$' };
const text: JsonSchema = { type: 'string', minLength: 1 };
const name: JsonSchema = { type: 'string', pattern: '^[\\w-]+$' };
const atLeastOne: JsonSchema = { type: 'integer', minimum: 1 };
/** Texts of which each is a name or address. */
const texts: JsonSchema = { type: 'array', items: { type: 'string' } };

/** Of all charts: what Kubernetes itself checks is left to it. */
const everywhere: Readonly<Record<string, JsonSchema>> = {
  '*.resources': anyMap,
  '*.nodeSelector': textMap,
  '*.podAnnotations': textMap,
  '*.podLabels': textMap,
  '*.annotations': textMap,
  '*.labels': textMap,
  '*.serviceAccountAnnotations': textMap,
  '*.podSecurityContext': anyMap,
  '*.imagePullPolicy': oneOf('Always', 'IfNotPresent', 'Never'),
  '*.replicas': { type: 'integer', minimum: 0 },
};

/** What a part's chart says more of its values. */
const part: Readonly<Record<string, JsonSchema>> = {
  ...everywhere,
  // Other charts of the same release may have globals too.
  global: anyMap,
  'heal.schedule': cron,
  'tls.certManagerIssuerKind': oneOf('ClusterIssuer', 'Issuer'),
};

/** What each chart says of its values beyond their types, by the chart's folder. */
export const chartSchemas: Readonly<Record<string, Readonly<Record<string, JsonSchema>>>> = {
  parlance: {
    ...everywhere,
    // Their own charts check them.
    redis: anyMap,
    mongodb: anyMap,
    'gateway.config': configSchema(describeConfig(gatewayConfig), setByChart.gateway),
    'chatService.config': configSchema(describeConfig(chatServiceConfig), setByChart.chatService),
    'jobs.config': configSchema(describeConfig(jobsConfig), setByChart.jobs),
    'auth.jwksUrl': { type: 'string', pattern: '^(https?://\\S+)?$' },
    'auth.issuer': text,
    'auth.audience': text,
    'ingress.controller': oneOf('traefik', 'haproxy', 'nginx', 'none'),
    'ingress.host': { type: 'string', pattern: '^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$' },
    'gatewayApi.parentRefs': {
      type: 'array',
      items: { type: 'object', required: ['name'], properties: { name: text } },
    },
    'gateway.autoscaling.keda.connectionsPerPod': atLeastOne,
    'chatService.autoscaling.keda.messagesPerSecondPerPod': atLeastOne,
    'monitoring.prometheusAddress': { type: 'string', pattern: '^(https?://\\S+)?$' },
    'monitoring.serviceMonitor.interval': { type: 'string', pattern: '^([0-9]+(ms|[smh]))+$' },
    'monitoring.prometheusRule.runbookUrl': { type: 'string', pattern: '^https?://\\S+$' },
    'archive.driver': oneOf('none', 's3', 'file'),
    'external.redis.mode': oneOf('cluster', 'single'),
    'external.redis.nodes': { type: 'array', items: { type: 'string', pattern: '^\\S+:[0-9]+$' } },
    'external.objectStore.endpoint': { type: 'string', pattern: '^(https?://\\S+)?$' },
    'networkPolicy.kubernetesApiPorts': { type: 'array', items: { type: 'integer' } },
    'networkPolicy.externalPorts': { type: 'array', items: { type: 'integer' } },
    'jobs.suspended': texts,
    'jobs.schedules.createMonths': cron,
    'jobs.schedules.sealMonth': cron,
    'jobs.schedules.migrateTiers': cron,
    'jobs.schedules.archiveMonths': cron,
    'jobs.schedules.verify': cron,
    'jobs.schedules.audit': cron,
    'jobs.schedules.scrubArchive': cron,
    'jobs.schedules.backup': cron,
    'jobs.schedules.backupFull': cron,
    'jobs.keepBackups': atLeastOne,
    'jobs.schedules.applyRetention': cron,
    'gateway.shutdownGraceSeconds': atLeastOne,
    'chatService.shutdownGraceSeconds': atLeastOne,
  },
  'redis-cluster': {
    ...part,
    masters: { type: 'integer', minimum: 3 },
    config: { type: 'object', additionalProperties: { type: ['string', 'number'] } },
    'tls.authClients': oneOf('no', 'optional'),
    'acl.servicesUser': name,
    'acl.jobsUser': name,
    'image.name': text,
  },
  'mongodb-sharded': {
    ...part,
    mongodArguments: texts,
    user: name,
    'auth.servicesUser': { type: 'string', pattern: '^[\\w-]*$' },
    'tls.mode': oneOf('disabled', 'allowTLS', 'preferTLS', 'requireTLS'),
    'router.command': { ...texts, minItems: 1 },
    'router.arguments': texts,
    'image.name': text,
    '*.cacheGB': { type: 'number', minimum: 0.25 },
    '*.members': atLeastOne,
    '*.compressor': oneOf('snappy', 'zstd', 'zlib', 'none'),
  },
};
