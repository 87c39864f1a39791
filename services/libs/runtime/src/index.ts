export type { Logger } from 'pino';
export type { Counter, Gauge, Histogram, Registry } from 'prom-client';
export {
  type ConfigDefinition,
  type ConfigFault,
  type ConfigOf,
  type ConfigRule,
  defineConfig,
  type ValuesOf,
  type VariableMap,
} from './config/define-config.js';
export { loadConfig, type Surroundings } from './config/load-config.js';
export { type ConfigRow, describeConfig } from './config/printing/describe-config.js';
export { renderConfigMarkdown } from './config/printing/render-config-markdown.js';
export { type ConfigResult, type Environment, readConfig } from './config/read-config.js';
export { type Address, type AddressListOptions, addressList } from './config/values/address-list.js';
export type { NamedKey } from './config/values/archive-key-list.js';
export { bindHost } from './config/values/bind-host.js';
export { booleanFlag } from './config/values/boolean-flag.js';
export { csv } from './config/values/csv.js';
export { durationMs } from './config/values/duration-ms.js';
export { hostPort } from './config/values/host-port.js';
export { httpUrl } from './config/values/http-url.js';
export { mongoUri } from './config/values/mongo-uri.js';
export { type SecretList, secretList } from './config/values/secret-list.js';
export { type Variable, type VariableSpec, variable } from './config/variable.js';
export { type ArchiveConfig, type ArchiveOptions, archiveOptionsOf } from './config/variables/archive-options.js';
export { archiveIsComplete, archiveVariables } from './config/variables/archive-variables.js';
export { drainFitsGrace, drainVariables } from './config/variables/drain-variables.js';
export { type GrpcTlsConfig, grpcTlsIsComplete, grpcTlsVariables } from './config/variables/grpc-tls-variables.js';
export { keepAliveVariables } from './config/variables/keep-alive-variables.js';
export { redisVariables } from './config/variables/redis-variables.js';
export { runtimeVariables } from './config/variables/runtime-variables.js';
export { createOpsServer, type OpsServer, type OpsServerOptions } from './health/create-ops-server.js';
export {
  type CheckResult,
  type HealthCheck,
  type HealthOptions,
  HealthRegistry,
  type HealthReport,
} from './health/health-registry.js';
export { livez, type ProbeAnswer, readyz } from './health/probes.js';
export { createLogger, type LoggerOptions, type LogLevel } from './logger/create-logger.js';
export { NestLogger } from './logger/nest-logger.js';
export { type SerializedError, serializeError } from './logger/serialize-error.js';
export { SparseWarnings } from './logger/sparse-warnings.js';
export { createMetrics, type MetricSpec, type Metrics, type MetricsOptions } from './metrics/create-metrics.js';
export { type RenderedMetrics, renderMetrics } from './metrics/render-metrics.js';
export { type Rate, TokenBuckets } from './rates/token-buckets.js';
export { slotOf } from './redis/cluster/slot-of.js';
export {
  type KeyedCommands,
  type RedisCommand,
  type WriteOutcome,
  writeByNode,
} from './redis/cluster/write-by-node.js';
export { checkRedis } from './redis/connection/check-redis.js';
export { createRedis } from './redis/connection/create-redis.js';
export type { RedisClient } from './redis/connection/redis-client.js';
export {
  type RedisAddress,
  type RedisConfig,
  type RedisOptions,
  redisOptionsOf,
} from './redis/connection/redis-options.js';
export {
  type LinkChange,
  type LinkChangeHandler,
  type MessageHandler,
  ShardedSubscriber,
  type SubscriberStatus,
  type SubscriberTiming,
} from './redis/subscription/sharded-subscriber.js';
export { createShutdown, type Shutdown, type ShutdownOptions } from './shutdown/create-shutdown.js';
export { startTracing, type Tracing, type TracingOptions } from './tracing/start-tracing.js';
export { type CurrentTrace, currentTrace, currentTraceId, runWithTrace } from './tracing/trace-context.js';
export { newTraceparent, parseTraceparent, type Traceparent } from './tracing/traceparent.js';
export { type BackoffLimits, backoffMs } from './waiting/backoff-ms.js';
export { ConcurrencyLimiter } from './waiting/concurrency-limiter.js';
export { type WaitOptions, waitFor } from './waiting/wait-for.js';
