import type { Plan } from '../plan.js';
import { type ClusterNode, type KnownNode, ownLine, type SlotRange } from './nodes/cluster-node.js';
import { slotsOutside } from './nodes/slot-ranges.js';
import { awaitHealthy, followers, introductions, type RedisStep } from './plan-redis-bootstrap.js';

/**
 * Decides how the nodes of one cluster find each other again after any of them changed their addresses, and takes in empty
 * nodes, such as one that lost its disk, as replicas. Slots and keys stay where they are: nothing is flushed, reset, failed
 * over or moved, and two clusters are never made one.
 */
export function planRedisHeal(nodes: readonly ClusterNode[]): Plan<RedisStep> {
  const members = nodes.filter((node) => !isNew(node));
  const [first] = members;
  if (!first) return { verdict: 'refused', reason: 'no node is part of a cluster: redis-bootstrap forms one' };
  const apart = strangerAmong(members);
  if (apart) {
    const reason = `${first.name} and ${apart.name} are of two clusters: neither leads to the other by the nodes they know`;
    return { verdict: 'refused', reason };
  }
  const masters = members.filter((node) => ownLine(node).slots.length > 0);
  const able = nodes.filter((node) => masters.includes(node) || isReplica(node) || node.keys === 0);
  const steps = [...introductions(nodes), ...(masters.length === 0 ? [] : followers(able, masters))];
  if (steps.length === 0 && nodes.every(({ state, following }) => state === 'ok' && following)) {
    return { verdict: 'nothing', reason: `all ${nodes.length} nodes know each other and say cluster_state:ok` };
  }
  return { verdict: 'run', steps: [...steps, awaitHealthy] };
}

/** What only a person can decide about. */
export interface RedisLosses {
  /** Slots that no node at any of the addresses serves, and no replica of their owner is there either. */
  readonly withoutOwner: readonly SlotRange[];
  /** Nodes that others remember and no address leads to. */
  readonly absent: readonly KnownNode[];
}

/** What a cluster lacks. */
export function redisLosses(nodes: readonly ClusterNode[]): RedisLosses {
  const present = new Set(nodes.map(({ id }) => id));
  const absent = new Map<string, KnownNode>();
  for (const line of nodes.flatMap(({ known }) => known)) if (!present.has(line.id)) absent.set(line.id, line);
  const heirs = new Set(nodes.map((node) => ownLine(node).masterId));
  const owned = nodes.flatMap((node) => ownLine(node).slots);
  const inherited = [...absent.values()].filter(({ id }) => heirs.has(id)).flatMap(({ slots }) => slots);
  return { withoutOwner: slotsOutside([...owned, ...inherited]), absent: [...absent.values()] };
}

function isNew({ known, keys }: ClusterNode): boolean {
  return known.length === 1 && known[0]?.slots.length === 0 && keys === 0;
}

function isReplica(node: ClusterNode): boolean {
  return ownLine(node).masterId !== undefined;
}

/** One that no chain of acquaintance joins with the first; in one cluster there is none. */
function strangerAmong(members: readonly ClusterNode[]): ClusterNode | undefined {
  const reached = new Set(members.slice(0, 1));
  for (const node of reached) {
    for (const other of members) {
      const acquainted = node.known.some(({ id }) => id === other.id) || other.known.some(({ id }) => id === node.id);
      if (acquainted) reached.add(other);
    }
  }
  return members.find((node) => !reached.has(node));
}
