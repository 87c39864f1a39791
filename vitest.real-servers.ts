import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findMongod, findRedis, TerminalProgress } from '@parlance/devstack';

/**
 * Finds or installs the real servers once, before any test, and says which ones the tests run on. Hundreds of processes of
 * Node start in a run: what one has compiled, the next one need not, until the end of the run.
 */
export default async function provideServers(): Promise<() => Promise<void>> {
  const progress = new TerminalProgress();
  const mongod = await findMongod(progress);
  const redis = await findRedis(progress);
  const compiled = await mkdtemp(join(tmpdir(), 'parlance-compiled-'));
  process.env['MONGOD_BIN'] = mongod.path;
  process.env['REDIS_SERVER_BIN'] = redis.path;
  process.env['NODE_COMPILE_CACHE'] = compiled;
  Object.assign(process.env, redis.env);
  process.stdout.write(
    `Real servers: Node ${process.versions.node}, MongoDB ${mongod.version} (${mongod.source}), Redis ${redis.version} (${redis.source})\n`,
  );
  // The last processes may be writing into it as they end.
  return () => rm(compiled, { recursive: true, force: true, maxRetries: 20 });
}
