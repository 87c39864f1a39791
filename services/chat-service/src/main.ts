import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { keepHeapSmall } from '@parlance/runtime/small-heap';

/** How often the next month is looked after. */
const monthCheckMs = 60 * 60_000;

/** How often the clock is compared with that of MongoDB. */
const clockCheckMs = 10_000;

/** How often it is read what jobs know. */
const inventoryMs = 60_000;

// At 4 MiB and 20 % it is 15 MB less, and a quarter of the CPU under load goes into collecting garbage, not a fifteenth.
keepHeapSmall(process, { youngMiB: 8, growthPercent: 100 });
// Not before: what is loaded by the process that is replaced is loaded twice.
await import('reflect-metadata');
const {
  archiveOptionsOf,
  checkRedis,
  clientLink,
  createLogger,
  createOpsServer,
  createRedis,
  createShutdown,
  dropGarbage,
  everyBeat,
  HealthRegistry,
  loadConfig,
  logHealth,
  redisOptionsOf,
  startTracing,
  waitFor,
} = await import('@parlance/runtime');
const { ArchiveKeys, ArchiveReader, openArchiveStore, readServerClock } = await import('@parlance/storage');
const { certificatesInUse } = await import('./certificates-in-use.js');
const { chatServiceConfig } = await import('./config.js');
const { PublishingState } = await import('./events/publishing-state.js');
const { InventoryWatch } = await import('./features/inventory/inventory-watch.js');
const { MongoInventoryStore } = await import('./features/inventory/mongo-inventory-store.js');
const { ClockGuard } = await import('./features/months/clock-guard.js');
const { MonthKeeper } = await import('./features/months/month-keeper.js');
const { createChatMetrics } = await import('./metrics.js');
const { traceCommands } = await import('./mongo/trace-commands.js');
const { connectMongo } = await import('./mongo/connect-mongo.js');
const { measureMongo } = await import('./mongo/measure-mongo.js');
const { ServiceAnnouncement } = await import('./service-announcement.js');
const { startGrpc } = await import('./start-grpc.js');

const config = loadConfig(chatServiceConfig);
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};
const logger = createLogger({ name: 'chat-service', level: config.logLevel });
const metrics = createChatMetrics(version);
const health = new HealthRegistry();
metrics.health.watch(health);
const certificates = certificatesInUse(config);
metrics.certificates.readBy(({ use }) => certificates[use]);
logHealth(health, logger);
const shutdown = createShutdown({ graceMs: config.shutdownGraceMs, logger, elapsedMs: () => performance.now() });
const starting = new AbortController();
shutdown.add('start', () => starting.abort(new Error('stopped while starting')));

const tracing = await startTracing({
  serviceName: 'chat-service',
  endpoint: config.otlpEndpoint,
  sampleRatio: config.traceSampleRatio,
  random: Math.random,
});
shutdown.add('tracing', () => tracing.shutdown());

const ops = createOpsServer({ port: config.opsPort, health, registry: metrics.registry, logger });
await ops.listen();
shutdown.add('probes', () => ops.close());

const redis = createRedis(redisOptionsOf(config, 'parlance-chat-service'), logger, () => performance.now());
shutdown.add('Redis', () => redis.disconnect());
metrics.redis.watch('commands', clientLink(redis));
const publishing = new PublishingState(Date.now);
health.add({
  name: 'redis-commands',
  // Without it messages come late: the pod serves, but not as it should.
  critical: true,
  check: () => checkRedis(redis),
});
health.add({ name: 'redis-publishing', critical: true, check: () => publishing.requireWorking() });

const mongo = await connectMongo(config.mongoUri, logger, starting.signal, { monitorCommands: tracing.enabled });
if (tracing.enabled) traceCommands(mongo.client);
shutdown.add('MongoDB', () => mongo.close());
measureMongo(mongo.client, metrics, () => performance.now());
health.add({ name: 'mongodb', critical: true, check: () => mongo.ping() });

const announcement = new ServiceAnnouncement(mongo.database, logger, randomUUID());
await waitFor('the database', () => announcement.begin(), { logger, signal: starting.signal });
health.add({ name: 'mongodb-majority', critical: true, check: () => announcement.requireConfirmed() });
shutdown.add('announcement', () => announcement.end());

const clock = new ClockGuard(
  { now: Date.now, readServerClock: () => readServerClock(mongo.database), elapsed: () => performance.now() },
  metrics,
  logger,
);
await clock.measure();
everyBeat(clockCheckMs, () => void clock.measure());
health.add({ name: 'clock', of: 'self', critical: false, check: () => clock.requireRight() });

const months = new MonthKeeper(mongo.database, metrics, Date.now);
await waitFor('this month and the next', () => months.prepare(), { logger, signal: starting.signal });
health.add({ name: 'month', critical: true, check: () => months.requireCurrent() });
setInterval(() => {
  months.prepare().catch((error: unknown) => logger.error({ err: error }, 'the next month could not be prepared'));
}, monthCheckMs).unref();

const inventory = new InventoryWatch(new MongoInventoryStore(mongo.database), metrics, Date.now, logger);
await inventory.look();
everyBeat(inventoryMs, () => void inventory.look());

const archiveOptions = archiveOptionsOf(config);
const archive =
  archiveOptions &&
  new ArchiveReader(
    await openArchiveStore(archiveOptions.place, randomUUID),
    new ArchiveKeys(archiveOptions.keys),
    config.archiveCacheBytes,
    (result) => metrics.memoryReads.inc({ of: 'archive', result }),
  );

const grpc = await startGrpc({
  config,
  database: mongo.database,
  months,
  archive,
  redis,
  publishing,
  metrics,
  logger,
  health,
  now: Date.now,
});
shutdown.add('gRPC', () => grpc.close());
shutdown.add('calls', () => grpc.drain());
dropGarbage();
health.markStarted();
shutdown.announce(() => {
  health.markDraining();
  grpc.leave();
}, config.drainDelayMs);
logger.info({ grpcPort: config.grpcPort, opsPort: config.opsPort, version }, 'ready');
