import { Redis } from 'ioredis';
import { waitUntil } from '../wait-until.js';
import { type ClusterNodeView, parseClusterNodes } from './cluster-node-view.js';
import { planCluster, slotRanges } from './plan-cluster.js';

/**
 * Makes six running cluster-mode nodes one healthy cluster: the first three masters, each with one of the others as replica
 * when formed anew; in whatever roles they had when healed. Resolves when every node says `cluster_state:ok`, knows all
 * nodes as connected, and every replica follows its master.
 */
export async function formCluster(nodes: readonly ClusterEndpoint[], options: FormClusterOptions): Promise<void> {
  const clients = nodes.map(
    ({ port }) => new Redis({ host: '127.0.0.1', port, lazyConnect: true, maxRetriesPerRequest: 1 }),
  );
  for (const client of clients) client.on('error', () => undefined); // the failing command tells
  const wait = (what: string, check: () => Promise<boolean>): Promise<true> =>
    waitUntil(async () => (await check()) || undefined, {
      what,
      timeoutMs: options.timeoutMs,
      everyMs: 50,
      signal: options.signal,
    });
  try {
    await Promise.all(clients.map((client) => client.connect()));
    const { action } = planCluster(await Promise.all(clients.map(view)));
    if (action === 'reset') await Promise.all(clients.map(forget));
    if (action !== 'heal') await giveSlots(clients, options.masters);
    await introduce(clients, nodes);
    await wait('every Redis node to know all others', async () =>
      (await Promise.all(clients.map(view))).every(knows(nodes)),
    );
    if (action !== 'heal') await appointReplicas(clients, options.masters);
    await wait('cluster_state:ok on every Redis node', async () =>
      (await Promise.all(clients.map(isHealthy))).every(Boolean),
    );
  } finally {
    for (const client of clients) client.disconnect();
  }
}

/** Where a node listens for clients and for other nodes. */
export interface ClusterEndpoint {
  readonly port: number;
  readonly busPort: number;
}

/** See {@link formCluster}. */
export interface FormClusterOptions {
  /** How many of the nodes, from the first, become masters when the cluster is formed anew. */
  readonly masters: number;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

async function view(client: Redis): Promise<ClusterNodeView> {
  return parseClusterNodes(String(await client.cluster('NODES')));
}

async function forget(client: Redis): Promise<void> {
  await client.flushall().catch(() => undefined); // a replica refuses; it is emptied by becoming a master
  await client.call('CLUSTER', 'RESET', 'HARD');
}

async function giveSlots(clients: readonly Redis[], masters: number): Promise<void> {
  const ranges = slotRanges(masters);
  await Promise.all(
    clients.map(async (client, index) => {
      // Different epochs from the start, or the nodes spend their first seconds settling who is the newer one.
      await client.call('CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1));
      const range = ranges[index];
      if (range !== undefined) await client.call('CLUSTER', 'ADDSLOTSRANGE', String(range[0]), String(range[1]));
    }),
  );
}

/** Everybody meets everybody: gossip alone would take seconds, and after a change of all addresses would never begin. */
async function introduce(clients: readonly Redis[], nodes: readonly ClusterEndpoint[]): Promise<void> {
  await Promise.all(
    clients.flatMap((client, from) =>
      nodes
        .filter((_, to) => to !== from)
        .map(({ port, busPort }) => client.call('CLUSTER', 'MEET', '127.0.0.1', String(port), String(busPort))),
    ),
  );
}

function knows(nodes: readonly ClusterEndpoint[]): (view: ClusterNodeView) => boolean {
  const addresses = nodes.map(({ port }) => `127.0.0.1:${port}`);
  return ({ known }) => {
    const connected = new Set(
      known
        .filter(({ linkState, flags }) => linkState === 'connected' && !flags.includes('handshake'))
        .map(({ address }) => address),
    );
    return known.length === nodes.length && addresses.every((address) => connected.has(address));
  };
}

async function appointReplicas(clients: readonly Redis[], masters: number): Promise<void> {
  const ids = await Promise.all(clients.slice(0, masters).map(async (client) => (await view(client)).id));
  await Promise.all(
    clients.slice(masters).map((client, index) => client.call('CLUSTER', 'REPLICATE', ids[index % masters] as string)),
  );
}

async function isHealthy(client: Redis): Promise<boolean> {
  const [info, replication, nodes] = await Promise.all([
    client.cluster('INFO'),
    client.info('replication'),
    view(client),
  ]);
  const following = !replication.includes('role:slave') || replication.includes('master_link_status:up');
  const roles = nodes.known.filter(({ masterId, slots }) => masterId === undefined && slots === 0).length === 0;
  return info.includes('cluster_state:ok') && following && roles;
}
