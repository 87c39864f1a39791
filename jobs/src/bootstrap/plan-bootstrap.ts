import type { ClusterShard } from '../mongo/cluster/cluster-shards.js';
import type { Plan, PlannedStep } from '../plan.js';
import type { ClusterTopology, TopologySet } from './cluster-topology.js';

/** What a replica set of the topology is like. */
export type SetState =
  /** None of its members answers. */
  | { readonly kind: 'away'; readonly reason: string }
  /** Its members have no configuration. */
  | { readonly kind: 'fresh' }
  /** It has one, with these members. */
  | { readonly kind: 'formed'; readonly name: string; readonly members: readonly string[] };

/** What `bootstrap` has found. */
export interface BootstrapInventory {
  readonly topology: ClusterTopology;
  readonly sets: ReadonlyMap<string, SetState>;
  /** The user that each set has to know; undefined where MongoDB asks nobody who they are. */
  readonly user: string | undefined;
  /** Names of sets that know the user. */
  readonly knownIn: ReadonlySet<string>;
  /** The user of the services, whom the config servers have to know for the router; undefined where they are no user of their own. */
  readonly servicesUser: { readonly name: string; readonly isKnown: boolean } | undefined;
  /** Shards that the cluster has; undefined where its router does not answer yet. */
  readonly shards: readonly ClusterShard[] | undefined;
  readonly database: { readonly name: string; readonly exists: boolean };
}

/** A step of `bootstrap`. */
export type BootstrapStep = PlannedStep &
  (
    | { readonly kind: 'initiate'; readonly set: TopologySet; readonly isConfig: boolean }
    | { readonly kind: 'user'; readonly set: TopologySet; readonly who: 'jobs' | 'services' }
    | { readonly kind: 'addShard'; readonly set: TopologySet }
    | { readonly kind: 'zone'; readonly shard: string; readonly zone: string }
    | { readonly kind: 'database'; readonly shard: string }
    | { readonly kind: 'collections' }
  );

/**
 * What is missing of a cluster, in the order in which it can be made. What stands is left as it is: a set with other members
 * or a shard with another address is refused and named, since whoever changed it had a reason. Pure.
 */
export function planBootstrap(inventory: BootstrapInventory): Plan<BootstrapStep> {
  const { topology, sets, shards } = inventory;
  const refusal = refusalOf(inventory);
  if (refusal !== undefined) return { verdict: 'refused', reason: refusal };
  const all = [topology.config, ...topology.shards];
  const steps: BootstrapStep[] = [];
  for (const set of all) {
    if (sets.get(set.name)?.kind !== 'fresh') continue;
    const what = `initiate the replica set ${set.name} of ${set.members.join(', ')}`;
    steps.push({
      kind: 'initiate',
      set,
      isConfig: set === topology.config,
      what,
      reason: 'its members have no configuration',
    });
  }
  for (const set of all) {
    if (inventory.user === undefined || inventory.knownIn.has(set.name)) continue;
    const reason = 'MONGO_URI names that user, and jobs ask every set directly';
    steps.push({ kind: 'user', who: 'jobs', set, what: `create the user ${inventory.user} in ${set.name}`, reason });
  }
  if (inventory.servicesUser?.isKnown === false) {
    const set = topology.config;
    const what = `create the user ${inventory.servicesUser.name} in ${set.name}`;
    const reason = 'MONGO_SERVICES_USER names it, and the router looks there';
    steps.push({ kind: 'user', who: 'services', set, what, reason });
  }
  for (const set of topology.shards) {
    const shard = shards?.find(({ id }) => id === set.name);
    if (!shard) {
      steps.push({ kind: 'addShard', set, what: `add the shard ${set.name}`, reason: 'the cluster does not have it' });
    }
    if (shard?.zones.includes(set.zone)) continue;
    const what = `put ${set.name} into the zone ${set.zone}`;
    steps.push({ kind: 'zone', shard: set.name, zone: set.zone, what, reason: "its disks are that tier's" });
  }
  const { name, exists } = inventory.database;
  const [hot] = topology.shards.filter(({ zone }) => zone === 'hot');
  if (!exists && hot) {
    const what = `create the database ${name} with ${hot.name} as its primary shard`;
    steps.push({ kind: 'database', shard: hot.name, what, reason: 'what is not sharded lies there, such as months' });
  }
  const what = "create what is missing of the collections and indexes that are not a month's";
  const isWhole = steps.length === 0;
  const reason = isWhole
    ? 'the cluster is whole; they are looked at each time'
    : 'services do not create them in a cluster';
  return { verdict: 'run', steps: [...steps, { kind: 'collections', what, reason }] };
}

function refusalOf({ topology, sets, shards = [] }: BootstrapInventory): string | undefined {
  for (const { name, members } of [topology.config, ...topology.shards]) {
    const state = sets.get(name);
    if (state?.kind === 'away') return `no member of ${name} answers: ${state.reason}`;
    if (state?.kind !== 'formed') continue;
    if (state.name !== name) return `the members of ${name} are a replica set of the name ${state.name}`;
    if (!isSame(state.members, members)) {
      return `${name} has the members ${state.members.join(', ')} and the topology says ${members.join(', ')}`;
    }
  }
  const other = shards.find(({ id, host }) => {
    const set = topology.shards.find(({ name }) => name === id);
    return set && !isSame(host.slice(host.indexOf('/') + 1).split(','), set.members);
  });
  return other && `the cluster knows ${other.id} as ${other.host}, and the topology says otherwise`;
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.toSorted().join() === other.toSorted().join();
}
