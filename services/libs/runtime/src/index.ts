export type { Logger } from 'pino';
export type { Counter, Gauge, Histogram, Registry } from 'prom-client';
export { type Address, type AddressListOptions, addressList } from './config/address-list.js';
export type { NamedKey } from './config/archive-key-list.js';
export { type ArchiveConfig, type ArchiveOptions, archiveOptionsOf } from './config/archive-options.js';
export { archiveIsComplete, archiveVariables } from './config/archive-variables.js';
export { bindHost } from './config/bind-host.js';
export { booleanFlag } from './config/boolean-flag.js';
export { csv } from './config/csv.js';
export {
  type ConfigDefinition,
  type ConfigFault,
  type ConfigOf,
  type ConfigRule,
  defineConfig,
  type ValuesOf,
  type VariableMap,
} from './config/define-config.js';
export { type ConfigRow, describeConfig } from './config/describe-config.js';
export { drainFitsGrace, drainVariables } from './config/drain-variables.js';
export { durationMs } from './config/duration-ms.js';
export { type GrpcTlsConfig, grpcTlsIsComplete, grpcTlsVariables } from './config/grpc-tls-variables.js';
export { hostPort } from './config/host-port.js';
export { httpUrl } from './config/http-url.js';
export { keepAliveVariables } from './config/keep-alive-variables.js';
export { loadConfig, type Surroundings } from './config/load-config.js';
export { mongoUri } from './config/mongo-uri.js';
export { type ConfigResult, type Environment, readConfig } from './config/read-config.js';
export { redisVariables } from './config/redis-variables.js';
export { renderConfigMarkdown } from './config/render-config-markdown.js';
export { runtimeVariables } from './config/runtime-variables.js';
export { type SecretList, secretList } from './config/secret-list.js';
export { type Variable, type VariableSpec, variable } from './config/variable.js';
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
export { checkRedis } from './redis/check-redis.js';
export { createRedis } from './redis/create-redis.js';
export type { RedisClient } from './redis/redis-client.js';
export { type RedisAddress, type RedisConfig, type RedisOptions, redisOptionsOf } from './redis/redis-options.js';
export {
  type LinkChange,
  type LinkChangeHandler,
  type MessageHandler,
  ShardedSubscriber,
  type SubscriberStatus,
  type SubscriberTiming,
} from './redis/sharded-subscriber.js';
export { slotOf } from './redis/slot-of.js';
export { type KeyedCommands, type RedisCommand, type WriteOutcome, writeByNode } from './redis/write-by-node.js';
export { createShutdown, type Shutdown, type ShutdownOptions } from './shutdown/create-shutdown.js';
export { startTracing, type Tracing, type TracingOptions } from './tracing/start-tracing.js';
export { type CurrentTrace, currentTrace, currentTraceId, runWithTrace } from './tracing/trace-context.js';
export { newTraceparent, parseTraceparent, type Traceparent } from './tracing/traceparent.js';
export { type BackoffLimits, backoffMs } from './waiting/backoff-ms.js';
export { ConcurrencyLimiter } from './waiting/concurrency-limiter.js';
export { type WaitOptions, waitFor } from './waiting/wait-for.js';
