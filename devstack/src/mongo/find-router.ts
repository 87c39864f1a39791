import { join } from 'node:path';
import { type FindMongosOptions, findMongos, seriesOf } from '../binaries/find-mongos.js';
import type { FoundServer } from '../binaries/found-server.js';
import { loadLocations } from '../locations.config.js';
import type { Progress } from '../progress.js';
import { neverLogTexts } from './mongod-arguments.js';

/** The series whose shard servers route for others. */
const ROUTED_SERIES = '6.0';

/**
 * The router for a sharded cluster of this mongod: a real mongos where one is found, installed where MongoDB's download can
 * be reached; with a mongod 6.0 and no mongos on this machine, the small router of this package. Throws what was tried for
 * any other version.
 */
export async function findRouter(
  mongod: FoundServer,
  progress: Progress,
  options: FindMongosOptions = {},
): Promise<FoundRouter> {
  const isSixZero = seriesOf(mongod.version) === ROUTED_SERIES;
  try {
    // A mongod 6.0 is what there is where MongoDB's own download cannot be reached: nothing is asked of it again.
    return mongosRouter(await findMongos(mongod, progress, isSixZero ? { ...options, sources: [] } : options));
  } catch (error) {
    options.signal?.throwIfAborted();
    const namedByHand = options.locations?.mongosBin !== undefined;
    if (!isSixZero || namedByHand) throw error;
    return ownRouter(mongod);
  }
}

/** A program that routes, and how it is started. */
export interface FoundRouter {
  readonly binary: FoundServer;
  /** "mongos 8.0.17 (PATH)", for people. */
  readonly text: string;
  /** Its command line; `configdb` is "name/host,host". */
  args(port: number, configdb: string): readonly string[];
}

function mongosRouter(binary: FoundServer): FoundRouter {
  return {
    binary,
    text: `mongos ${binary.version} (${binary.source})`,
    args: (port, configdb) => [
      '--configdb',
      configdb,
      '--port',
      String(port),
      '--bind_ip',
      '127.0.0.1',
      '--nounixsocket',
      ...neverLogTexts,
    ],
  };
}

function ownRouter(mongod: FoundServer): FoundRouter {
  const program = join(loadLocations().repositoryRoot, 'devstack', 'dist', 'mongo', 'router', 'main.js');
  const { version } = mongod;
  return {
    binary: { path: process.execPath, product: 'mongos', version, source: 'devstack' },
    text: `the devstack's own router for mongod ${version}`,
    args: (port, configdb) => [program, '--configdb', configdb, '--port', String(port), '--version', version],
  };
}
