import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMongo, startRedis } from '@parlance/devstack';

/** The servers of a run, with data that nobody else uses. */
export interface YearServers extends AsyncDisposable {
  /** With the database's name. */
  readonly mongoUri: string;
  readonly redisPort: number;
  readonly directory: string;
}

/** Starts a real MongoDB and a real Redis; `await using` ends them and deletes their data. */
export async function startYearServers(): Promise<YearServers> {
  const directory = await mkdtemp(join(tmpdir(), 'parlance-tiers-'));
  const [mongo, redis] = await Promise.all([
    startMongo({ replicas: 1, dataDir: join(directory, 'mongo') }),
    startRedis({ mode: 'single', dataDir: join(directory, 'redis') }),
  ]);
  return {
    mongoUri: mongo.uri.replace('/?', '/parlance?'),
    redisPort: redis.nodes[0]?.port ?? 0,
    directory,
    async [Symbol.asyncDispose]() {
      await Promise.all([mongo.stop(), redis.stop()]);
      await rm(directory, { recursive: true, force: true });
    },
  };
}
