import { dirname } from 'node:path';
import { type Locations, loadLocations } from '../locations.config.js';
import type { Progress } from '../progress.js';
import { findServer } from './find-server.js';
import type { FoundServer } from './found-server.js';
import { mongodbDownload } from './sources/mongodb-download.js';
import type { PackageSource } from './sources/package-source.js';

/**
 * Finds a mongos of the same series as `mongod`: `MONGOS_BIN`, PATH, beside the mongod, the project's cache; else installs
 * MongoDB's own build. Throws one error that lists all that was tried and what to do.
 */
export function findMongos(
  mongod: FoundServer,
  progress: Progress,
  options: FindMongosOptions = {},
): Promise<FoundServer> {
  const locations = options.locations ?? loadLocations();
  const series = seriesOf(mongod.version);
  return findServer(
    {
      name: 'mongos',
      variable: 'MONGOS_BIN',
      named: locations.mongosBin,
      programs: ['mongos'],
      products: ['mongos'],
      minimumVersion: series,
      minimumReason: `beside mongod ${mongod.version}`,
      series,
      sources: options.sources ?? [mongodbDownload(undefined, mongod.version, 'mongos')],
      advice: `Put a mongos ${series} on the PATH or beside ${mongod.path}, or name it with MONGOS_BIN=/path/to/mongos; or use a mongod 6.0, for which Parlance has a small router of its own.`,
    },
    {
      cacheDir: locations.cacheDir,
      searchPath: [...locations.searchPath, dirname(mongod.path)],
      progress,
      signal: options.signal,
    },
  );
}

/** "6.0" of "6.0.5". */
export function seriesOf(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}

/** See {@link findMongos}. */
export interface FindMongosOptions {
  /** Default: from the environment. */
  readonly locations?: Locations;
  /** Default: MongoDB's download of the mongod's version. Empty: install nothing. */
  readonly sources?: readonly PackageSource[];
  readonly signal?: AbortSignal | undefined;
}
