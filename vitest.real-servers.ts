import { findMongod, findRedis, TerminalProgress } from '@parlance/devstack';

/** Finds or installs the real servers once, before any test, and says which ones the tests run on. */
export default async function provideServers(): Promise<void> {
  const progress = new TerminalProgress();
  const mongod = await findMongod(progress);
  const redis = await findRedis(progress);
  process.env['MONGOD_BIN'] = mongod.path;
  process.env['REDIS_SERVER_BIN'] = redis.path;
  Object.assign(process.env, redis.env);
  process.stdout.write(
    `Real servers: Node ${process.versions.node}, MongoDB ${mongod.version} (${mongod.source}), Redis ${redis.version} (${redis.source})\n`,
  );
}
