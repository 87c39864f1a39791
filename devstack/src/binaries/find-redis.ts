import { type Locations, loadLocations } from '../locations.config.js';
import type { Progress } from '../progress.js';
import { findServer } from './find-server.js';
import type { FoundServer } from './found-server.js';
import { type DebianServer, debianPackages } from './sources/debian-packages.js';
import type { PackageSource } from './sources/package-source.js';

const MINIMUM_VERSION = '7.0';

const PACKED: readonly DebianServer[] = [
  { names: ['redis-server', 'redis-tools'], program: 'usr/bin/redis-server' },
  { names: ['valkey-server', 'valkey-tools'], program: 'usr/bin/valkey-server' },
];

/**
 * Finds a Redis or Valkey of 7.0 or later (the first with sharded pub/sub): `REDIS_SERVER_BIN`, PATH, the project's cache; else
 * unpacks the Debian packages into the cache. Throws one error that lists all that was tried and what to do.
 */
export function findRedis(progress: Progress, options: FindRedisOptions = {}): Promise<FoundServer> {
  const locations = options.locations ?? loadLocations();
  return findServer(
    {
      name: 'redis',
      variable: 'REDIS_SERVER_BIN',
      named: locations.redisServerBin,
      programs: ['redis-server', 'valkey-server'],
      products: ['redis', 'valkey'],
      minimumVersion: MINIMUM_VERSION,
      minimumReason: 'for sharded pub/sub',
      sources: options.sources ?? [debianPackages(PACKED, MINIMUM_VERSION)],
      advice:
        'Install Redis 7.0 or later (https://redis.io/docs/latest/operate/oss_and_stack/install/; on macOS "brew install redis") or Valkey so that redis-server or valkey-server is on the PATH, or name it with REDIS_SERVER_BIN=/path/to/redis-server.',
    },
    { cacheDir: locations.cacheDir, searchPath: locations.searchPath, progress, signal: options.signal },
  );
}

/** See {@link findRedis}. */
export interface FindRedisOptions {
  /** Default: from the environment. */
  readonly locations?: Locations;
  /** Default: Debian packages. */
  readonly sources?: readonly PackageSource[];
  readonly signal?: AbortSignal | undefined;
}
