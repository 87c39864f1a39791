import { dirname, join } from 'node:path';
import { type Locations, loadLocations } from '../locations.config.js';
import type { Progress } from '../progress.js';
import { findServer } from './find-server.js';
import type { FoundServer } from './found-server.js';
import { isExecutable } from './is-executable.js';
import { debianPackages } from './sources/debian-packages.js';
import type { PackageSource } from './sources/package-source.js';

const MINIMUM_VERSION = '2.42';

/**
 * Finds a Prometheus: `PROMETHEUS_BIN`, PATH, the project's cache; else unpacks Debian's package into the cache, where its promtool
 * is beside it. Throws one error that lists all that was tried and what to do.
 */
export function findPrometheus(progress: Progress, options: FindPrometheusOptions = {}): Promise<FoundServer> {
  const locations = options.locations ?? loadLocations();
  const packed = { names: ['prometheus'], program: 'usr/bin/prometheus' } as const;
  return findServer(
    {
      name: 'prometheus',
      variable: 'PROMETHEUS_BIN',
      named: locations.prometheusBin,
      programs: ['prometheus'],
      products: ['prometheus'],
      minimumVersion: MINIMUM_VERSION,
      minimumReason: 'because the alerts were tried with no older one',
      sources: options.sources ?? [debianPackages([packed], MINIMUM_VERSION)],
      advice:
        'Install Prometheus 2.42 or later (https://prometheus.io/download/; on macOS "brew install prometheus") so that it is on the PATH, or name it with PROMETHEUS_BIN=/path/to/prometheus.',
    },
    { cacheDir: locations.cacheDir, searchPath: locations.searchPath, progress, signal: options.signal },
  );
}

/** Path of promtool: on the PATH, else beside the Prometheus that is found. Throws as {@link findPrometheus} does. */
export async function findPromtool(progress: Progress, options: FindPrometheusOptions = {}): Promise<string> {
  const { searchPath } = options.locations ?? loadLocations();
  for (const folder of searchPath) {
    const path = join(folder, 'promtool');
    if (await isExecutable(path)) return path;
  }
  const beside = join(dirname((await findPrometheus(progress, options)).path), 'promtool');
  if (await isExecutable(beside)) return beside;
  throw new Error(`there is no promtool on the PATH, and none beside Prometheus: ${beside}`);
}

/** See {@link findPrometheus}. */
export interface FindPrometheusOptions {
  /** Default: from the environment. */
  readonly locations?: Locations;
  /** Default: Debian packages. */
  readonly sources?: readonly PackageSource[];
  readonly signal?: AbortSignal | undefined;
}
