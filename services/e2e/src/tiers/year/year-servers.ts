import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ShardedMongo, startMongo, startRedis, startShardedMongo } from '@parlance/devstack';
import { MongoClient } from 'mongodb';
import { openYearArchive, type YearArchive, type YearArchiveKind } from './year-archive.js';

/** The servers of a run, with data that nobody else uses. */
export interface YearServers extends AsyncDisposable {
  /** With the database's name. */
  readonly mongoUri: string;
  /** Undefined on a replica set, which has no tiers. */
  readonly cluster: ShardedMongo | undefined;
  readonly redisPort: number;
  readonly archive: YearArchive;
  readonly directory: string;
}

/** Name of the database. */
const database = 'parlance';

/** What MongoDB a year runs on: hot, warm and cold shards, or one server. */
export type YearMongo = 'cluster' | 'replicaSet';

/** Starts a real MongoDB and a real Redis; `await using` ends them and deletes their data. */
export async function startYearServers(kind: YearMongo, archiveKind: YearArchiveKind): Promise<YearServers> {
  const directory = await mkdtemp(join(tmpdir(), 'parlance-tiers-'));
  const dataDir = join(directory, 'mongo');
  const archive = await openYearArchive(directory, archiveKind);
  const [mongo, redis] = await Promise.all([
    kind === 'cluster' ? startCluster(dataDir) : startMongo({ replicas: 1, dataDir }),
    startRedis({ mode: 'single', dataDir: join(directory, 'redis') }),
  ]);
  return {
    mongoUri: mongo.uri.replace(/\/(?=\?|$)/, `/${database}`),
    cluster: 'shards' in mongo ? mongo : undefined,
    redisPort: redis.nodes[0]?.port ?? 0,
    archive,
    directory,
    async [Symbol.asyncDispose]() {
      await Promise.all([mongo.stop(), redis.stop()]);
      await archive[Symbol.asyncDispose]();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/**
 * Space of what was deleted can be given back at once, where a server keeps it readable for five minutes by default, and the
 * cursors of killed jobs, which keep a moved range from being deleted, end after 20 seconds, not ten minutes. What is not sharded
 * lies on a hot shard, as `jobs bootstrap` has it.
 */
async function startCluster(dataDir: string): Promise<ShardedMongo> {
  const setParameters = { minSnapshotHistoryWindowInSeconds: 0, cursorTimeoutMillis: 20_000 };
  const started = await startShardedMongo({ dataDir, configReplicas: 3, electionTimeoutMillis: 1_000, setParameters });
  const client = new MongoClient(started.uri);
  try {
    await client.db('admin').command({ enableSharding: database, primaryShard: started.shards[0]?.name });
  } finally {
    await client.close();
  }
  return started;
}
