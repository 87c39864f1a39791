import type { FoundServer } from '../binaries/found-server.js';
import { allOrNone } from '../process/all-or-none.js';
import type { ServerNode } from '../process/server-node.js';
import { abandon, type ServerOptions, startServerNode } from '../process/start-server-node.js';
import { waitUntil } from '../wait-until.js';
import { findPrimary, formReplicaSet, ReplicaSetRefusedError } from './form-replica-set.js';
import { type MongodOptions, mongodArguments } from './mongod-arguments.js';

/**
 * Starts the members of one replica set and resolves when it takes writes and all members are in step. On failure none of them
 * stays running and the error quotes their last log lines.
 */
export async function startReplicaSet(spec: ReplicaSetSpec, options: ServerOptions): Promise<ReplicaSet> {
  const { name, ports, nodeName, binary, electionTimeoutMillis, ...mongod } = spec;
  const timeoutMs = options.readyTimeoutMs ?? 60_000;
  const start = (port: number, index: number): Promise<ServerNode> => {
    const args = (dataDir: string) => mongodArguments({ ...mongod, replicaSet: name, dataDir, port });
    return startServerNode({ name: nodeName(index), binary, port, args }, options, timeoutMs);
  };
  const nodes = await allOrNone(ports.map(start));
  const hosts = nodes.map(({ address }) => address);
  const stop = async (): Promise<void> => void (await Promise.all(nodes.map((node) => node.stop())));
  try {
    const wanted = { name, hosts, electionTimeoutMillis, configsvr: mongod.role === 'configsvr' };
    await formReplicaSet(wanted, { timeoutMs, signal: options.signal });
  } catch (error) {
    if (error instanceof ReplicaSetRefusedError) {
      await stop();
      throw error;
    }
    throw await abandon(nodes, 'MongoDB did not become writable', error);
  }
  return {
    name,
    nodes,
    hosts: `${name}/${hosts.join(',')}`,
    uri: `mongodb://${hosts.join(',')}/?replicaSet=${name}`,
    primary: (patienceMs = 20_000) =>
      waitUntil(() => primaryAmong(nodes), { what: `a primary of ${name}`, timeoutMs: patienceMs }),
    stop,
    kill: async () => void (await Promise.all(nodes.map((node) => node.kill()))),
  };
}

/** What its members are; each has the arguments of `mongodArguments`. */
export interface ReplicaSetSpec extends Omit<MongodOptions, 'replicaSet' | 'dataDir' | 'port'> {
  readonly name: string;
  readonly binary: FoundServer;
  readonly ports: readonly number[];
  /** Name of member number `index`, from 0: of its process, folder and log. */
  readonly nodeName: (index: number) => string;
  readonly electionTimeoutMillis: number;
}

/** A running replica set. */
export interface ReplicaSet {
  readonly name: string;
  readonly nodes: readonly ServerNode[];
  /** "rs0/127.0.0.1:1,127.0.0.1:2", as servers name it to each other. */
  readonly hosts: string;
  /** For `MongoClient`: all members and the set's name, no database. */
  readonly uri: string;
  /** The member that is writable now; waits for one for up to `patienceMs` (default 20,000). */
  primary(patienceMs?: number): Promise<ServerNode>;
  /** Stops all members; data stays. */
  stop(): Promise<void>;
  /** Ends all members at once, where nobody needs their data any more. */
  kill(): Promise<void>;
}

async function primaryAmong(nodes: readonly ServerNode[]): Promise<ServerNode | undefined> {
  const address = await findPrimary(nodes.filter(({ running }) => running).map((node) => node.address));
  return nodes.find((node) => node.address === address);
}
