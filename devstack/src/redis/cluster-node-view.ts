/** What one Redis node says about the cluster it is in. */
export interface ClusterNodeView {
  /** Its own id, 40 hex digits. */
  readonly id: string;
  /** Every node it knows, itself included. */
  readonly known: readonly KnownNode[];
}

/** One line of CLUSTER NODES. */
export interface KnownNode {
  readonly id: string;
  /** "127.0.0.1:6479"; empty host or port 0 when unknown. */
  readonly address: string;
  readonly flags: readonly string[];
  /** Its master's id, `undefined` for a master. */
  readonly masterId: string | undefined;
  readonly linkState: 'connected' | 'disconnected';
  /** How many of the 16384 hash slots it serves. */
  readonly slots: number;
}

/** Reads the answer of CLUSTER NODES. Format: https://redis.io/docs/latest/commands/cluster-nodes/ */
export function parseClusterNodes(text: string): ClusterNodeView {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const known = lines.map(parseLine);
  const self = known.find(({ flags }) => flags.includes('myself'));
  if (self === undefined) throw new Error(`CLUSTER NODES without "myself": ${text}`);
  return { id: self.id, known };
}

function parseLine(line: string): KnownNode {
  const [id = '', endpoint = '', flags = '', master = '-', , , , link, ...slots] = line.trim().split(' ');
  return {
    id,
    address: endpoint.split('@')[0] ?? '',
    flags: flags.split(','),
    masterId: master === '-' ? undefined : master,
    linkState: link === 'connected' ? 'connected' : 'disconnected',
    slots: slots.map(countSlots).reduce((sum, count) => sum + count, 0),
  };
}

/** "0-5460" -> 5461, "7" -> 1, "[42->-id]" (a slot on its way) -> 0. */
function countSlots(range: string): number {
  if (range.startsWith('[')) return 0;
  const [first = '', last = first] = range.split('-');
  return Number(last) - Number(first) + 1;
}
