import type { RedisAddress } from '../connection/redis-options.js';

/** Which node owns each slot, as one node of the cluster saw it. */
export interface SlotMap {
  /** The cluster's configuration epoch: a failover or migration raises it, so of two maps the higher one is newer. */
  readonly epoch: number;
  /** `host:port` of the owner; undefined for a slot that nobody serves. */
  ownerOf(slot: number): string | undefined;
  /** Every owner by its `host:port`. */
  readonly nodes: ReadonlyMap<string, RedisAddress>;
}

/** The map of a single server, which owns everything. */
export function singleSlotMap(address: RedisAddress): SlotMap {
  const key = addressKey(address);
  return { epoch: 0, ownerOf: () => key, nodes: new Map([[key, address]]) };
}

/**
 * Reads the answers to `CLUSTER SLOTS` and `CLUSTER INFO` of the node at `asked`.
 * Undefined when that node does not see a working cluster: its map may be one that the majority has left behind.
 */
export function readSlotMap(slots: unknown, info: string, asked: RedisAddress): SlotMap | undefined {
  if (!/^cluster_state:ok\r?$/m.test(info) || !Array.isArray(slots)) return undefined;
  const epoch = Number(/^cluster_current_epoch:(\d+)/m.exec(info)?.[1] ?? 0);
  const owners: (string | undefined)[] = new Array<string | undefined>(16_384);
  const nodes = new Map<string, RedisAddress>();
  for (const range of slots as unknown[]) {
    if (!Array.isArray(range)) return undefined;
    const [first, last, owner] = range as unknown[];
    const address = Array.isArray(owner) ? readAddress(owner, asked) : undefined;
    if (typeof first !== 'number' || typeof last !== 'number' || address === undefined) return undefined;
    const key = addressKey(address);
    nodes.set(key, address);
    owners.fill(key, first, last + 1);
  }
  return { epoch, ownerOf: (slot) => owners[slot], nodes };
}

/** `host:port`, the name of a node. */
export function addressKey({ host, port }: RedisAddress): string {
  return `${host}:${port}`;
}

/** Redis writes an empty or absent host for "the address you asked at" and `?` for one that it does not know. */
function readAddress(owner: unknown[], asked: RedisAddress): RedisAddress | undefined {
  const [host, port] = owner;
  if (typeof port !== 'number' || host === '?') return undefined;
  return { host: typeof host === 'string' && host !== '' ? host : asked.host, port };
}
