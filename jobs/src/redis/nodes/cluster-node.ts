/** What one node of a Redis Cluster says of itself and of the nodes it knows. */
export interface ClusterNode {
  /** As it was asked for, "redis-0.redis:6379"; for people. */
  readonly name: string;
  /** Where it was reached, an IP address: CLUSTER MEET takes no names. */
  readonly ip: string;
  readonly port: number;
  /** Port that other nodes talk to it on. */
  readonly busPort: number;
  /** Its own id, 40 hex digits. It survives a change of address, but not the loss of its disk. */
  readonly id: string;
  /** "7.0.15"; Valkey says the version of Redis that it is compatible with. */
  readonly version: string;
  /** Number of keys it holds, as a master or as a replica. */
  readonly keys: number;
  /** What it says of the cluster as a whole. */
  readonly state: 'ok' | 'fail';
  /** Of a replica: its link to its master is up. True for a master. */
  readonly following: boolean;
  /** Every node that it knows, itself included. */
  readonly known: readonly KnownNode[];
}

/** One line of CLUSTER NODES. */
export interface KnownNode {
  readonly id: string;
  /** Empty when the node does not know its own address yet. */
  readonly ip: string;
  readonly port: number;
  readonly busPort: number;
  readonly flags: readonly string[];
  /** Its master's id, `undefined` for a master. */
  readonly masterId: string | undefined;
  readonly configEpoch: number;
  readonly link: 'connected' | 'disconnected';
  readonly slots: readonly SlotRange[];
}

/** First and last hash slot, both included. */
export type SlotRange = readonly [first: number, last: number];

/** The node's own line. */
export function ownLine({ id, known }: Pick<ClusterNode, 'id' | 'known'>): KnownNode {
  const own = known.find((node) => node.id === id);
  if (!own) throw new Error(`node ${id} does not know itself`);
  return own;
}

/** Reads the answer of CLUSTER NODES (https://redis.io/docs/latest/commands/cluster-nodes/); the id is the node's own. The devstack has a smaller reader of its own: it imports no workspace, and none imports it but for tests. */
export function parseClusterNodes(text: string): Pick<ClusterNode, 'id' | 'known'> {
  const known = text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(parseLine);
  const self = known.find(({ flags }) => flags.includes('myself'));
  if (!self) throw new Error('CLUSTER NODES names no node as "myself"');
  return { id: self.id, known };
}

function parseLine(line: string): KnownNode {
  const [id = '', endpoint = '', flags = '', master = '-', , , epoch, link, ...slots] = line.trim().split(' ');
  // The last colon: an IPv6 address has colons and no brackets here. A host name may follow behind a comma.
  const [, ip = '', port, busPort] = /^(.*):(\d+)(?:@(\d+))?$/.exec(endpoint.split(',')[0] ?? '') ?? [];
  return {
    id,
    ip,
    port: Number(port ?? 0),
    busPort: Number(busPort ?? 0),
    flags: flags.split(','),
    masterId: master === '-' ? undefined : master,
    configEpoch: Number(epoch),
    link: link === 'connected' ? 'connected' : 'disconnected',
    // "[5462->-292f]" is a slot on its way; its owner is told by the plain ranges.
    slots: slots.filter((range) => !range.startsWith('[')).map(parseRange),
  };
}

function parseRange(text: string): SlotRange {
  const [first = '', last = first] = text.split('-');
  return [Number(first), Number(last)];
}
