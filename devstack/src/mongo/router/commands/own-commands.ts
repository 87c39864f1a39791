import { hostname } from 'node:os';
import { type Document, Long, ObjectId } from 'mongodb';
import { pause } from '../../../wait-until.js';
import type { CommandHandler, CommandRequest } from './command-request.js';

/** MongoDB 6.0. */
const MAX_WIRE_VERSION = 17;

/** What the router answers by itself: who it is, and that it is there. `port` and `version` are its own. */
export function ownCommands(identity: RouterIdentity): Readonly<Record<string, CommandHandler>> {
  const processId = new ObjectId();
  const startedAt = Date.now();
  const hello = async ({ name, command }: CommandRequest): Promise<Document> => {
    // A monitor asks to be told of changes; there are none, so it hears when its patience ends, as from a server.
    const patienceMs = monitorPatienceMs(command);
    if (patienceMs > 0) await pause(patienceMs);
    return {
      ...(name === 'hello' ? { isWritablePrimary: true } : { ismaster: true }),
      helloOk: true,
      msg: 'isdbgrid',
      topologyVersion: { processId, counter: Long.ZERO },
      maxBsonObjectSize: 16_777_216,
      maxMessageSizeBytes: 48_000_000,
      maxWriteBatchSize: 100_000,
      localTime: new Date(),
      // No logicalSessionTimeoutMinutes: a driver then sends neither sessions nor transaction numbers, which the shard
      // servers' routing commands do not survive.
      connectionId: 1,
      minWireVersion: 0,
      maxWireVersion: MAX_WIRE_VERSION,
      readOnly: false,
      ok: 1,
    };
  };
  return {
    hello,
    isMaster: hello,
    ismaster: hello,
    ping: () => ({ ok: 1 }),
    buildInfo: () => ({
      version: identity.version,
      versionArray: [...identity.version.split('.').map(Number), 0],
      gitVersion: 'parlance-router',
      modules: [],
      bits: 64,
      debug: false,
      maxBsonObjectSize: 16_777_216,
      ok: 1,
    }),
    serverStatus: () => ({
      host: `${hostname()}:${identity.port}`,
      version: identity.version,
      process: 'mongos',
      pid: process.pid,
      uptime: (Date.now() - startedAt) / 1_000,
      localTime: new Date(),
      ok: 1,
    }),
    endSessions: () => ({ ok: 1 }),
    connectionStatus: () => ({ authInfo: { authenticatedUsers: [], authenticatedUserRoles: [] }, ok: 1 }),
  };
}

/** How long an answer to a monitor's `hello` waits for a change, in milliseconds; 0 for any other. */
export function monitorPatienceMs(hello: Document): number {
  return hello['topologyVersion'] === undefined ? 0 : Number(hello['maxAwaitTimeMS'] ?? 0);
}

/** See {@link ownCommands}. */
export interface RouterIdentity {
  readonly port: number;
  /** Of the servers behind it: "6.0.5". */
  readonly version: string;
}
