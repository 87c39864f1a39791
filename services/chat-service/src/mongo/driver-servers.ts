import type { MongoClient } from 'mongodb';

/**
 * The servers that a connected client knows, each with its pool; those that join later are in it then. The driver has no
 * public way to them (driver 7.8, `servers` in https://github.com/mongodb/node-mongodb-native/blob/main/src/sdam/topology.ts).
 *
 * @throws Error where another version keeps them elsewhere.
 */
export function driverServers(client: MongoClient): ReadonlyMap<string, DriverServer> {
  const servers = (client as unknown as WithServers).topology?.s?.servers;
  if (!(servers instanceof Map)) throw new Error('the driver keeps its servers elsewhere');
  return servers;
}

/** One mongod or router as the driver sees it. */
export interface DriverServer {
  readonly pool: {
    options: { readonly minPoolSizeCheckFrequencyMS?: number };
    readonly availableConnectionCount: number;
    readonly currentCheckedOutCount: number;
    readonly pendingConnectionCount: number;
    readonly waitQueueSize: number;
  };
  /** Sends one command, when a connection is free for it. */
  command(operation: DriverOperation, ...others: readonly unknown[]): Promise<unknown>;
}

/** What is sent: of a bare command the driver knows no name. */
export interface DriverOperation {
  readonly commandName: string;
  readonly command?: Readonly<Record<string, unknown>>;
}

interface WithServers {
  readonly topology?: { readonly s?: { readonly servers?: ReadonlyMap<string, DriverServer> } };
}
