export { type FindMongodOptions, findMongod } from './binaries/find-mongod.js';
export { type FindRedisOptions, findRedis } from './binaries/find-redis.js';
export type { FoundServer, ServerProduct } from './binaries/found-server.js';
export { type DemoTokenOptions, demoToken } from './demo-token.js';
export { describeServers, type ServerVersions } from './describe-servers.js';
export { findKubernetes, startKubernetes, type TestKubernetes } from './kubernetes/start-kubernetes.js';
export type { ShardTier } from './mongo/plan-sharded-cluster.js';
export { type MongoOptions, type MongoServers, startMongo } from './mongo/start-mongo.js';
export type { ReplicaSet } from './mongo/start-replica-set.js';
export {
  type Shard,
  type ShardedMongo,
  type ShardedMongoOptions,
  startShardedMongo,
} from './mongo/start-sharded-mongo.js';
export { freePorts, isPortFree } from './ports/free-ports.js';
export { waitForPort } from './ports/wait-for-port.js';
export { describeExit, type ProcessExit, type ProcessSpec, type ProcessStart } from './process/process-spec.js';
export { readLogs } from './process/read-logs.js';
export type { ServerNode } from './process/server-node.js';
export { startProcess } from './process/start-process.js';
export type { ServerOptions } from './process/start-server-node.js';
export type { SupervisedProcess } from './process/supervised-process.js';
export { type Progress, silentProgress } from './progress.js';
export { type RedisOptions, type RedisServers, startRedis } from './redis/start-redis.js';
export { findVersitygw, howToGetVersitygw } from './s3/find-versitygw.js';
export { type S3Server, startS3 } from './s3/start-s3.js';
export type { RunningServers, ServicePlan, ServicePlanner, ServiceSpec, StepSpec } from './stack/service-spec.js';
export type { StackPart } from './stack/stack-state.js';
export { type Stack, type StackOptions, startStack } from './stack/start-stack.js';
export { startTestStack, type TestService, type TestStack, type TestStackOptions } from './stack/start-test-stack.js';
export { waitForReady } from './stack/wait-for-ready.js';
export { TerminalProgress } from './terminal-progress.js';
export { type WaitOptions, WaitTimeoutError, waitUntil } from './wait-until.js';
