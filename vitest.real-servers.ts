import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findMongod, findRedis, shortenCalibration, sweepLeftovers, TerminalProgress } from '@parlance/devstack';

/**
 * Finds or installs the real servers once, before any test, and says which ones the tests run on. What tests share lies in a
 * folder of the run, and goes with it.
 */
export default async function provideServers(): Promise<() => Promise<void>> {
  const progress = new TerminalProgress();
  const mongod = await findMongod(progress);
  const redis = await findRedis(progress);
  const folder = await mkdtemp(join(tmpdir(), 'parlance-tests-'));
  const quick = await quickMongod(mongod.path, folder);
  process.env['MONGOD_BIN'] = quick ?? mongod.path;
  process.env['REDIS_SERVER_BIN'] = redis.path;
  process.env['TEST_RUN_DIR'] = folder;
  // The tests start each program dozens of times: what V8 made of its source is made once.
  process.env['NODE_COMPILE_CACHE'] = join(folder, 'compiled');
  Object.assign(process.env, redis.env);
  process.stdout.write(
    `Real servers: Node ${process.versions.node}, MongoDB ${mongod.version} (${mongod.source}${quick === undefined ? '' : ', quick to start'}), Redis ${redis.version} (${redis.source})\n`,
  );
  return async () => {
    // What they share outlives the processes of tests, which are not given the time to end it.
    await sweepLeftovers();
    await rm(folder, { recursive: true, force: true, maxRetries: 20 });
  };
}

/** A copy of the mongod that starts with a third of the CPU; `undefined` where this build has nothing to shorten (ADR 0057). */
async function quickMongod(path: string, folder: string): Promise<string | undefined> {
  const program = shortenCalibration(await readFile(path));
  if (program === undefined) return undefined;
  const copy = join(folder, 'mongod');
  await writeFile(copy, program, { mode: 0o755 });
  // A mongos is looked for beside the mongod; where there is none, this leads nowhere.
  await symlink(join(dirname(path), 'mongos'), join(folder, 'mongos'));
  return copy;
}
