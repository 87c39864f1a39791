import { findMongod } from '../binaries/find-mongod.js';
import { loadLocations } from '../locations.config.js';
import { demandPorts } from '../ports/demand-ports.js';
import type { ServerNode } from '../process/server-node.js';
import { sweptOnce } from '../process/start-process.js';
import type { ServerOptions } from '../process/start-server-node.js';
import { silentProgress } from '../progress.js';
import { startReplicaSet } from './start-replica-set.js';

/**
 * Starts a real MongoDB replica set of one or three members on 127.0.0.1 and resolves when it takes writes and all members
 * are in step. Existing data in `dataDir` is kept, whatever ports it was served on before and however the last run ended.
 * On failure nothing stays running and the error quotes the last log lines.
 */
export async function startMongo(options: MongoOptions): Promise<MongoServers> {
  const { replicas, replicaSet = 'rs0', signal, setParameters, wiredTigerCacheGB = 0.25 } = options;
  const binary = await findMongod(options.progress ?? silentProgress, { signal });
  await sweptOnce(options.ledgerDir ?? loadLocations().ledgerDir);
  const ports = await demandPorts(options.ports, replicas, 'MongoDB');
  const set = await startReplicaSet(
    {
      name: replicaSet,
      binary,
      ports,
      nodeName: (index) => `mongo-${index + 1}`,
      electionTimeoutMillis: options.electionTimeoutMillis ?? 2_000,
      wiredTigerCacheGB,
      setParameters,
    },
    options,
  );
  return {
    uri: set.uri,
    version: binary.version,
    nodes: set.nodes,
    primary: set.primary,
    stop: set.stop,
    kill: set.kill,
  };
}

/** See {@link startMongo}. */
export interface MongoOptions extends ServerOptions {
  readonly replicas: 1 | 3;
  /** How long members wait for a silent primary before they elect another; default 2000. */
  readonly electionTimeoutMillis?: number;
  /** Default 0.25, the least mongod accepts. */
  readonly wiredTigerCacheGB?: number;
  /** Default "rs0". */
  readonly replicaSet?: string;
  /** Further `--setParameter name=value`. */
  readonly setParameters?: Readonly<Record<string, string | number | boolean>>;
}

/** A running replica set. */
export interface MongoServers {
  /** For `MongoClient`: all members and the set's name, no database. */
  readonly uri: string;
  /** "6.0.5". */
  readonly version: string;
  /** "mongo-1", and "mongo-2", "mongo-3". */
  readonly nodes: readonly ServerNode[];
  /** The member that is writable now; waits for one for up to `patienceMs` (default 20,000). */
  primary(patienceMs?: number): Promise<ServerNode>;
  /** Stops all members; data stays. */
  stop(): Promise<void>;
  /** Ends all members at once, where nobody needs their data any more. */
  kill(): Promise<void>;
}
