import { findMongod } from './binaries/find-mongod.js';
import { findRedis } from './binaries/find-redis.js';
import type { FoundServer } from './binaries/found-server.js';
import { type Progress, silentProgress } from './progress.js';

/** Which real servers a test or bench runs against: finds (and if need be installs) them, and says so in one line. */
export async function describeServers(progress: Progress = silentProgress): Promise<ServerVersions> {
  const mongo = await findMongod(progress);
  const redis = await findRedis(progress);
  return {
    mongo,
    redis,
    text: [mongo, redis].map(({ product, version, source }) => `${product} ${version} (${source})`).join(', '),
  };
}

/** See {@link describeServers}. */
export interface ServerVersions {
  readonly mongo: FoundServer;
  readonly redis: FoundServer;
  /** "mongod 6.0.5 (PATH), redis 7.0.15 (Debian packages redis-server, redis-tools)". */
  readonly text: string;
}
