import { setTimeout as delay } from 'node:timers/promises';
import type { TopologySet } from '../bootstrap/cluster-topology.js';
import type { StandaloneContext } from '../job-context.js';
import { JobFailed } from '../job-failed.js';
import { kubernetesReason } from '../kubernetes/kubernetes-reason.js';
import type { PodSight, StatefulPods } from '../kubernetes/stateful-pods.js';
import type { RolledGroup, RolledPod } from './plan-roll-mongodb.js';
import { readSet, stepDown } from './read-set.js';
import type { RollPlace } from './roll-inventory.js';
import { newestApplied, primaryOf, setFault } from './set-fault.js';

const everyMs = 500;

/** What a step of a roll works with. */
export interface Rolling extends Pick<StandaloneContext, 'signal' | 'checkpoint' | 'elapsedMs'> {
  readonly place: RollPlace;
  readonly pods: StatefulPods;
  /** How long one pod may take to come back, and its replica set to be whole, milliseconds. */
  readonly patienceMs: number;
  /** What it waits for, for people. */
  tell(state: string): void;
}

/** A pod and the group it belongs to. */
export interface RollTarget {
  readonly group: RolledGroup;
  readonly pod: RolledPod;
}

/**
 * Replaces a pod that serves nobody, and waits until the next one is ready, where that can be said of it by itself.
 * @throws JobFailed.
 */
export async function mendPod(target: RollTarget, rolling: Rolling): Promise<void> {
  const { group, pod } = target;
  await evictStale(target, rolling);
  // A router without config servers is never ready.
  if (group.role === 'router' && group.state !== 'formed') return;
  await until(`${pod.name} is ready`, rolling, () => podFault(group, pod, rolling));
}

/**
 * Replaces a pod that serves: waits until its replica set is whole, lets another member be primary, evicts it, and waits until the next one
 * is ready and the set is whole again, with all that had been written. One that is made from the newest template meanwhile is left.
 * @throws JobFailed when something takes longer than the patience; nothing more is evicted then.
 */
export async function replacePod(target: RollTarget, rolling: Rolling): Promise<void> {
  const { group, pod } = target;
  const set = setOf(group, rolling);
  if (set) await untilWhole(set, rolling);
  if (set && set.members.length > 1) await handOver(set, target, rolling);
  await evictStale(target, rolling);
  await until(`${pod.name} is ready`, rolling, () => podFault(group, pod, rolling));
  if (set) await untilWhole(set, rolling);
  else await until(`all of ${group.name} are available`, rolling, () => availabilityFault(group, rolling));
  await rolling.checkpoint('roll-mongodb:replaced');
}

/**
 * Waits until every member is primary or secondary and has what any of them had when they first were.
 * @throws JobFailed.
 */
export async function untilWhole(set: TopologySet, rolling: Rolling): Promise<void> {
  let since: bigint | undefined;
  await until(`${set.name} is whole`, rolling, async () => {
    const members = await readSet(set, rolling.place.mongoUri);
    const fault = setFault(members, since);
    if (fault !== undefined || since !== undefined) return fault;
    since = newestApplied(members);
    return setFault(members, since);
  });
}

function setOf({ role, name }: RolledGroup, { place: { topology } }: Rolling): TopologySet | undefined {
  if (role === 'router') return undefined;
  return [topology.config, ...topology.shards].find((set) => set.name === name);
}

/** Lets another member be primary if this one is, unless its pod is of the newest template by now. */
async function handOver(set: TopologySet, { group, pod }: RollTarget, rolling: Rolling): Promise<void> {
  const { mongoUri } = rolling.place;
  await until(`another than ${pod.name} is primary of ${set.name}`, rolling, async () => {
    if ((await staleAgain(group, pod, rolling)) === undefined) return undefined;
    const primary = primaryOf(await readSet(set, mongoUri));
    if (primary === undefined) return 'there is no primary';
    if (primary !== pod.member) return undefined;
    await stepDown(primary, mongoUri);
    return `${primary} was asked to hand over`;
  });
  await rolling.checkpoint('roll-mongodb:handed-over');
}

/** Has the pod go if it is still made from an older template than the newest. */
async function evictStale({ group, pod }: RollTarget, rolling: Rolling): Promise<void> {
  await until(`${pod.name} may go`, rolling, async () => {
    const found = await staleAgain(group, pod, rolling);
    const answer = found && (await rolling.pods.evict(found));
    return answer === 'protected' ? 'its PodDisruptionBudget allows no disruption now' : undefined;
  });
  await rolling.checkpoint('roll-mongodb:evicted');
}

async function staleAgain(group: RolledGroup, pod: RolledPod, { pods }: Rolling): Promise<PodSight | undefined> {
  const [newest, found] = await Promise.all([pods.statefulSet(group.statefulSet), pods.pod(pod.name)]);
  return found && newest?.revision !== undefined && found.revision !== newest.revision ? found : undefined;
}

async function podFault(group: RolledGroup, pod: RolledPod, { pods }: Rolling): Promise<string | undefined> {
  const [newest, found] = await Promise.all([pods.statefulSet(group.statefulSet), pods.pod(pod.name)]);
  if (!found) return 'it is not there';
  if (found.revision !== newest?.revision) return 'it is still the one before';
  return found.isReady ? undefined : 'it is not ready';
}

async function availabilityFault(group: RolledGroup, { pods }: Rolling): Promise<string | undefined> {
  const found = await pods.statefulSet(group.statefulSet);
  const { available = 0, replicas = 1 } = found ?? {};
  return available >= replicas ? undefined : `${available} of ${replicas} are`;
}

/**
 * Looks until `look` answers undefined; it answers what is missing. A look that fails is one more thing that may pass.
 * @throws JobFailed.
 */
async function until(what: string, rolling: Rolling, look: () => Promise<string | undefined>): Promise<void> {
  const { patienceMs, signal, tell, elapsedMs } = rolling;
  const giveUpAt = elapsedMs() + patienceMs;
  for (;;) {
    signal.throwIfAborted();
    const missing = await look().catch((thrown: unknown) => {
      signal.throwIfAborted();
      return `it could not be asked: ${kubernetesReason(thrown)}`;
    });
    if (missing === undefined) return;
    if (elapsedMs() > giveUpAt) throw new JobFailed(`waited ${patienceMs / 1_000} s until ${what}: ${missing}`);
    tell(`until ${what}: ${missing}`);
    await delay(everyMs, undefined, { signal });
  }
}
