export type { Logger } from 'pino';
export { authorityExpiry, chainExpiry, extraAuthorityExpiry } from './certificates/certificate-expiry.js';
export {
  type ConfigDefinition,
  type ConfigOf,
  defineConfig,
  type ValuesOf,
  type VariableMap,
} from './config/declaration/define-config.js';
export type { Environment } from './config/declaration/raw-value.js';
export { readConfig } from './config/declaration/read-config.js';
export { type Variable, variable } from './config/declaration/variable.js';
export { loadConfig, type Surroundings } from './config/load-config.js';
export { type ConfigRow, describeConfig } from './config/printing/describe-config.js';
export { renderConfigMarkdown } from './config/printing/render-config-markdown.js';
export { type Address, addressList } from './config/values/address-list.js';
export type { NamedKey } from './config/values/archive-key-list.js';
export { bindHost } from './config/values/bind-host.js';
export { booleanFlag } from './config/values/boolean-flag.js';
export { csv } from './config/values/csv.js';
export { durationMs } from './config/values/duration-ms.js';
export { hostPort } from './config/values/host-port.js';
export { httpUrl } from './config/values/http-url.js';
export { mongoUri } from './config/values/mongo-uri.js';
export { type SecretList, secretList } from './config/values/secret-list.js';
export { archiveOptionsOf } from './config/variables/archive-options.js';
export { archiveIsComplete, archiveVariables } from './config/variables/archive-variables.js';
export { drainFitsGrace, drainVariables } from './config/variables/drain-variables.js';
export { type GrpcTlsConfig, grpcTlsIsComplete, grpcTlsVariables } from './config/variables/grpc-tls-variables.js';
export { keepAliveVariables } from './config/variables/keep-alive-variables.js';
export { redisVariables } from './config/variables/redis-variables.js';
export { runtimeVariables } from './config/variables/runtime-variables.js';
export { createOpsServer, type OpsServer } from './health/create-ops-server.js';
export { declareHealthMetrics, type HealthMetrics } from './health/health-metrics.js';
export { HealthRegistry } from './health/health-registry.js';
export { logHealth } from './health/log-health.js';
export { dropGarbage } from './heap/drop-garbage.js';
export { createLogger } from './logger/create-logger.js';
export { NestLogger } from './logger/nest-logger.js';
export { SparseWarnings } from './logger/sparse-warnings.js';
export { declareCertificateMetrics } from './metrics/certificate-metrics.js';
export { createMetrics, type Metrics, type Registry } from './metrics/create-metrics.js';
export type { Counter, CounterSeries, Gauge, Histogram } from './metrics/metric-types.js';
export { type Rate, TokenBuckets } from './rates/token-buckets.js';
export {
  type KeyedCommands,
  type RedisCommand,
  type WriteOutcome,
  writeByNode,
} from './redis/cluster/write-by-node.js';
export { checkRedis } from './redis/connection/check-redis.js';
export { createRedis } from './redis/connection/create-redis.js';
export type { RedisClient } from './redis/connection/redis-client.js';
export { clientLink, type RedisLink } from './redis/connection/redis-link.js';
export { declareRedisMetrics, type RedisMetrics } from './redis/connection/redis-metrics.js';
export { redisOptionsOf } from './redis/connection/redis-options.js';
export {
  ShardedSubscriber,
  type SubscriptionChange,
  type SubscriptionChangeHandler,
} from './redis/subscription/sharded-subscriber.js';
export { subscriberLink } from './redis/subscription/subscriber-link.js';
export { createShutdown } from './shutdown/create-shutdown.js';
export { activeTraceparent, isTraced, runInSpan, type Span, startSpan } from './tracing/span.js';
export { startTracing } from './tracing/start-tracing.js';
export { runWithTrace } from './tracing/trace-context.js';
export { newTraceparent, parseTraceparent } from './tracing/traceparent.js';
export { backoffMs } from './waiting/backoff-ms.js';
export { ConcurrencyLimiter } from './waiting/concurrency-limiter.js';
export { atBeat, everyBeat } from './waiting/every-beat.js';
export { GatheredReads, type GatheringClock } from './waiting/gathered-reads.js';
export { waitFor } from './waiting/wait-for.js';
