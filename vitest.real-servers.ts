import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findMongod, findRedis, offerCluster, sweepLeftovers, TerminalProgress } from '@parlance/devstack';

/**
 * Finds or installs the real servers once, before any test, and says which ones the tests run on. What tests share lies in a
 * folder of the run, and goes with it.
 */
export default async function provideServers(): Promise<() => Promise<void>> {
  const progress = new TerminalProgress();
  const mongod = await findMongod(progress);
  const redis = await findRedis(progress);
  const folder = await mkdtemp(join(tmpdir(), 'parlance-tests-'));
  process.env['MONGOD_BIN'] = mongod.path;
  process.env['REDIS_SERVER_BIN'] = redis.path;
  process.env['TEST_RUN_DIR'] = folder;
  // Programs in Go (Helm, promtool, TypeScript) live for a second: memory that they do not collect costs less than collecting it.
  process.env['GOGC'] ??= '400';
  Object.assign(process.env, redis.env);
  const cluster = await offerCluster(folder);
  process.stdout.write(
    `Real servers: Node ${process.versions.node}, MongoDB ${mongod.version} (${mongod.source}), Redis ${redis.version} (${redis.source})\n`,
  );
  return async () => {
    await cluster[Symbol.asyncDispose]();
    // What they share outlives the processes of tests, which are not given the time to end it.
    await sweepLeftovers();
    await rm(folder, { recursive: true, force: true, maxRetries: 20 });
  };
}
