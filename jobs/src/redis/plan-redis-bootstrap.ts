import { hostPort } from '@parlance/runtime';
import type { Plan, PlannedStep } from '../plan.js';
import { type ClusterNode, ownLine, type SlotRange } from './nodes/cluster-node.js';
import { clusterSlots, countSlots, renderSlots, shareSlots, slotsOutside } from './nodes/slot-ranges.js';

/** The last step of every plan for a cluster. */
export const awaitHealthy: RedisStep = {
  kind: 'awaitHealthy',
  what: 'wait until every node says cluster_state:ok and every replica follows its master',
  reason: 'nodes tell each other of a change within seconds',
};

const withoutLink: ReadonlySet<string> = new Set(['handshake', 'noaddr', 'fail?', 'fail']);

/** What there is, and what is wanted of it. */
export interface RedisInventory {
  /** Every node once. */
  readonly nodes: readonly ClusterNode[];
  readonly masters: number;
  /** Replicas of each master. */
  readonly replicas: number;
}

/** One step towards a cluster. Nodes are named by their ids. */
export type RedisStep = PlannedStep &
  (
    | {
        readonly kind: 'giveSlots';
        readonly node: string;
        readonly slots: readonly SlotRange[];
        readonly epoch?: number;
      }
    | { readonly kind: 'introduce'; readonly pairs: readonly (readonly [from: string, to: string])[] }
    | { readonly kind: 'follow'; readonly replica: string; readonly master: string }
    | { readonly kind: 'awaitHealthy' }
  );

/**
 * Decides how nodes become one cluster of so many masters with so many replicas each, or what of it is left to do. What
 * holds keys or belongs to nodes that are not named is left alone: a cluster is formed of empty nodes, or finished.
 */
export function planRedisBootstrap(inventory: RedisInventory): Plan<RedisStep> {
  const reason = refusal(inventory);
  if (reason !== undefined) return { verdict: 'refused', reason };
  const { nodes } = inventory;
  const masters = mastersOf(inventory);
  const steps: RedisStep[] = [...slotSteps(nodes, masters), ...introductions(nodes), ...followers(nodes, masters)];
  const failing = nodes.filter(({ state, following }) => state === 'fail' || !following);
  if (steps.length === 0 && failing.length === 0) {
    const each = `${masters.length} masters with ${inventory.replicas} replicas each`;
    return { verdict: 'nothing', reason: `${each} serve all ${clusterSlots} slots and know each other` };
  }
  return { verdict: 'run', steps: [...steps, awaitHealthy] };
}

function refusal({ nodes, masters, replicas }: RedisInventory): string | undefined {
  const wanted = masters * (1 + replicas);
  if (nodes.length !== wanted) {
    return `${masters} masters with ${replicas} replicas each are ${wanted} nodes, and the addresses lead to ${nodes.length}`;
  }
  const members = new Set(nodes.map(({ id }) => id));
  for (const { name, known } of nodes) {
    const stranger = known.find(({ id }) => !members.has(id));
    if (!stranger) continue;
    const where = hostPort(stranger.ip, stranger.port);
    return `${name} knows node ${stranger.id} at ${where}, which is none of the addresses: it belongs to another cluster, or to one that has lost a node`;
  }
  const taken = nodes.flatMap((node) => ownLine(node).slots.map((range) => ({ name: node.name, range })));
  const twice = taken
    .toSorted((a, b) => a.range[0] - b.range[0])
    .find(({ range }, index, all) => index > 0 && range[0] <= (all[index - 1]?.range[1] ?? -1));
  if (twice)
    return `${twice.name} claims slots ${renderSlots([twice.range])}, and so does another node: these are two clusters`;
  const left = slotsOutside(taken.map(({ range }) => range));
  for (const node of nodes) {
    const own = ownLine(node);
    const serving = left.length === 0 && (own.slots.length > 0 || own.masterId !== undefined);
    if (node.keys > 0 && !serving) return `${node.name} holds ${node.keys} keys and is not part of a complete cluster`;
  }
  const owners = nodes.filter((node) => ownLine(node).slots.length > 0).length;
  if (owners > masters || (left.length === 0 && owners !== masters)) {
    return `${owners} masters share the slots already, not ${masters}: slots are never moved by this job`;
  }
  if (left.length > 0 && owners === masters) {
    return `all ${masters} masters have slots, and ${renderSlots(left)} have no owner: see redis-heal`;
  }
  return undefined;
}

/** Those that own slots, then so many of the others as are missing, on as many hosts as there are. */
function mastersOf({ nodes, masters }: RedisInventory): readonly ClusterNode[] {
  const chosen = nodes.filter((node) => ownLine(node).slots.length > 0);
  const free = nodes.filter((node) => ownLine(node).slots.length === 0 && ownLine(node).masterId === undefined);
  while (chosen.length < masters && free.length > 0) {
    const on = (ip: string): number => chosen.filter((node) => node.ip === ip).length;
    chosen.push(leastOf(free, ({ ip }) => on(ip)));
    free.splice(free.indexOf(chosen.at(-1) as ClusterNode), 1);
  }
  return chosen;
}

function slotSteps(nodes: readonly ClusterNode[], masters: readonly ClusterNode[]): RedisStep[] {
  const left = slotsOutside(nodes.flatMap((node) => ownLine(node).slots));
  const without = masters.filter((node) => ownLine(node).slots.length === 0);
  return shareSlots(left, without.length).flatMap((slots, index): RedisStep[] => {
    const node = without[index] as ClusterNode;
    if (slots.length === 0) return [];
    // Different epochs from the start, or the nodes spend their first seconds settling who is the newer one.
    const fresh = node.known.length === 1 && ownLine(node).configEpoch === 0;
    return [
      {
        kind: 'giveSlots',
        node: node.id,
        slots,
        ...(fresh && { epoch: masters.indexOf(node) + 1 }),
        what: `give slots ${renderSlots(slots)} to ${node.name}`,
        reason: `${countSlots(left)} of ${clusterSlots} slots have no owner, and ${without.length} of ${masters.length} masters have none`,
      },
    ];
  });
}

/** Who has to meet whom. Everybody meets everybody: gossip alone takes seconds, and after a change of all addresses never begins. */
export function introductions(nodes: readonly ClusterNode[]): RedisStep[] {
  const pairs = nodes.flatMap((from) =>
    nodes.filter((to) => to.id !== from.id && !reaches(from, to.id)).map((to) => [from.id, to.id] as const),
  );
  if (pairs.length === 0) return [];
  const all = nodes.length * (nodes.length - 1);
  return [
    {
      kind: 'introduce',
      pairs,
      what: `introduce the nodes to each other, ${pairs.length} times CLUSTER MEET`,
      reason: `${pairs.length} of ${all} links between the ${nodes.length} nodes are missing`,
    },
  ];
}

/**
 * Whether a node has a working link to another. A link that is being opened to an address where nobody answers any more is
 * called connected too; the flags tell.
 */
export function reaches(from: ClusterNode, to: string): boolean {
  const line = from.known.find(({ id }) => id === to);
  return line?.link === 'connected' && !line.flags.some((flag) => withoutLink.has(flag));
}

/** Nodes that own nothing and follow nobody become replicas, each of the master with the fewest, on another host where it can. */
export function followers(nodes: readonly ClusterNode[], masters: readonly ClusterNode[]): RedisStep[] {
  const following = new Map<string, number>(masters.map(({ id }) => [id, 0]));
  for (const node of nodes) {
    const { masterId } = ownLine(node);
    if (masterId !== undefined) following.set(masterId, (following.get(masterId) ?? 0) + 1);
  }
  const pairs = nodes
    .filter((node) => !masters.includes(node) && ownLine(node).masterId === undefined)
    .map((replica) => {
      const master = leastOf(masters, ({ id, ip }) => (following.get(id) ?? 0) * 2 + (ip === replica.ip ? 1 : 0));
      const before = following.get(master.id) ?? 0;
      following.set(master.id, before + 1);
      return { replica, master, before };
    });
  return partedByHost(pairs).map(({ replica, master, before }) => ({
    kind: 'follow',
    replica: replica.id,
    master: master.id,
    what: `make ${replica.name} a replica of ${master.name}`,
    reason: `${replica.name} serves no slot, and ${master.name} has ${before} replicas`,
  }));
}

interface Pair {
  readonly replica: ClusterNode;
  readonly master: ClusterNode;
  /** Replicas that the master has before. */
  readonly before: number;
}

/** The pairs with replicas exchanged where that parts one from the host of its master, and puts none beside its own. */
function partedByHost(pairs: readonly Pair[]): readonly Pair[] {
  const parted = [...pairs];
  for (const [index, pair] of parted.entries()) {
    if (pair.replica.ip !== pair.master.ip) continue;
    const other = parted.findIndex(
      ({ replica, master }) => replica.ip !== pair.master.ip && pair.replica.ip !== master.ip,
    );
    const partner = parted[other];
    if (!partner) continue;
    parted[index] = { ...pair, replica: partner.replica };
    parted[other] = { ...partner, replica: pair.replica };
  }
  return parted;
}

/** The first of those with the least of something. */
function leastOf<Item>(items: readonly Item[], measure: (item: Item) => number): Item {
  return items.reduce((least, item) => (measure(item) < measure(least) ? item : least));
}
