import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type MongoServers, type RedisServers, startMongo, startRedis } from '@parlance/devstack';
import { Redis } from 'ioredis';
import { MongoClient } from 'mongodb';
import type { MeasuredProcess } from './running-system.ts';

/** The MongoDB and the Redis that all systems of a run share. */
export interface Servers extends AsyncDisposable {
  readonly mongo: MongoServers;
  readonly redis: RedisServers;
  /** For readings and baselines' keys; idle otherwise. */
  readonly mongoClient: MongoClient;
  readonly redisClient: Redis;
  readonly processes: readonly MeasuredProcess[];
  /** Logs and data, until the end. */
  readonly directory: string;
}

/** A replica set of one and a single Redis; `await using` stops them and deletes their data. */
export async function startServers(): Promise<Servers> {
  const stack = new AsyncDisposableStack();
  try {
    const directory = await mkdtemp(join(tmpdir(), 'parlance-bench-'));
    folders.add(directory);
    stack.defer(async () => {
      await rm(directory, { recursive: true, force: true });
      folders.delete(directory);
    });
    const mongo = await startMongo({ replicas: 1, dataDir: join(directory, 'mongo') });
    stack.defer(() => mongo.kill());
    const redis = await startRedis({ mode: 'single', dataDir: join(directory, 'redis') });
    stack.defer(() => redis.stop());
    const mongoClient = await new MongoClient(mongo.uri).connect();
    stack.defer(() => mongoClient.close());
    const redisClient = new Redis(`redis://${redis.addresses[0]}`);
    stack.defer(() => redisClient.disconnect());
    return {
      mongo,
      redis,
      mongoClient,
      redisClient,
      directory,
      processes: [
        { name: 'mongod', pid: mongo.nodes[0]?.pid ?? 0 },
        { name: 'redis', pid: redis.nodes[0]?.pid ?? 0 },
      ],
      [Symbol.asyncDispose]: () => stack.disposeAsync(),
    };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

const folders = new Set<string>();

/** For the end of the process: hands over what has not been deleted. */
export function removeFolders(remove: (folder: string) => void): void {
  folders.forEach(remove);
}
