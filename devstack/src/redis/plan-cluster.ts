import type { ClusterNodeView } from './cluster-node-view.js';

/** Number of hash slots in any Redis Cluster. */
export const CLUSTER_SLOTS = 16_384;

/**
 * Decides how the running nodes become one healthy cluster, from what each of them remembers:
 * - `form`: all are new;
 * - `heal`: together they are exactly one complete cluster, so they only have to learn each other's addresses again;
 * - `reset`: anything else (a start that was cut off, nodes added or lost). They forget everything and are formed anew; nothing
 *   is lost by that, since Redis is only a cache here.
 */
export function planCluster(views: readonly ClusterNodeView[]): ClusterPlan {
  const members = new Set(views.map(({ id }) => id));
  if (views.every(({ known }) => known.length === 1 && known[0]?.slots === 0))
    return { action: 'form', reason: 'all nodes are new' };
  for (const view of views) {
    const ids = new Set(view.known.map(({ id }) => id));
    const strangers = [...ids].filter((id) => !members.has(id));
    if (strangers.length > 0)
      return { action: 'reset', reason: `a node remembers ${strangers.length} nodes that do not run now` };
    if (ids.size < members.size)
      return { action: 'reset', reason: `a node knows ${ids.size} of ${members.size} nodes` };
    const slots = view.known.reduce((sum, node) => sum + node.slots, 0);
    if (slots !== CLUSTER_SLOTS)
      return { action: 'reset', reason: `a node knows of ${slots} of ${CLUSTER_SLOTS} slots` };
  }
  return { action: 'heal', reason: 'the nodes form a complete cluster already' };
}

/** What to do, and why. */
export interface ClusterPlan {
  readonly action: 'form' | 'heal' | 'reset';
  readonly reason: string;
}

/** The inclusive slot ranges of `masters` masters, as equal as possible. */
export function slotRanges(masters: number): readonly (readonly [number, number])[] {
  const bound = (index: number): number => Math.floor((index * CLUSTER_SLOTS) / masters);
  return Array.from({ length: masters }, (_, index) => [bound(index), bound(index + 1) - 1] as const);
}
