import type { Plan, PlannedStep } from '../plan.js';
import { compareVersions, imageVersion } from './image-version.js';

/** A pod of MongoDB, as it was found. */
export interface RolledPod {
  readonly name: string;
  /** Address in its replica set, as `host:port`; undefined for a router. */
  readonly member: string | undefined;
  /** Whether Kubernetes calls it ready; false where it is not there. */
  readonly isReady: boolean;
  /** The template that it was made from; undefined where it is not there. */
  readonly revision: string | undefined;
  readonly image: string | undefined;
}

/** The pods of one StatefulSet: a replica set, or the routers. */
export interface RolledGroup {
  readonly role: 'config' | 'shard' | 'router';
  /** Of the replica set; `routers`. */
  readonly name: string;
  readonly statefulSet: string;
  /** Of the StatefulSet: `OnDelete` leaves the order to this job. */
  readonly updateStrategy: string;
  /** Of the template that new pods are made from. */
  readonly revision: string;
  readonly image: string | undefined;
  readonly pods: readonly RolledPod[];
  /** Whether it has its configuration; of the routers, whether their config servers have one. `away`: no member answers. */
  readonly state: 'formed' | 'fresh' | 'away';
  /** The member that is primary. */
  readonly primary: string | undefined;
  /** featureCompatibilityVersion, such as `7.0`; undefined where no primary told. */
  readonly compatibility: string | undefined;
}

/** A step of `roll-mongodb`. */
export type RollStep = PlannedStep &
  (
    | {
        /** A pod that serves nobody; nothing is asked of MongoDB before. */
        readonly kind: 'mend';
        readonly group: RolledGroup;
        readonly pod: RolledPod;
      }
    | { readonly kind: 'pauseBalancer' | 'resumeBalancer' }
    | {
        /** A pod that serves, of a whole replica set or of the routers. A primary hands over first. */
        readonly kind: 'replace';
        readonly group: RolledGroup;
        readonly pod: RolledPod;
      }
  );

/**
 * Replaces the pods that are made from an older template, one at a time: first those that are not ready anyway; then config servers,
 * shards, routers, of each set the secondaries before the primary, with the balancer off. To an older version of MongoDB it goes the
 * other way round, as MongoDB's manual has it: routers, shards, config servers. Refuses what would not start again: a version that
 * does not know the data's featureCompatibilityVersion. Pure.
 */
export function planRollMongodb(groups: readonly RolledGroup[]): Plan<RollStep> {
  const stale = groups.filter((group) => group.pods.some((pod) => isStale(group, pod)));
  if (stale.length === 0) {
    const pods = groups.reduce((sum, each) => sum + each.pods.length, 0);
    return { verdict: 'nothing', reason: `all ${pods} pods of MongoDB are made from the newest templates` };
  }
  const refusal = stale.map(refusalOf).find((each) => each !== undefined);
  if (refusal !== undefined) return { verdict: 'refused', reason: refusal };
  const isDowngrade = stale.some(goesBack);
  const ordered = isDowngrade ? stale.toReversed() : stale;
  const mends = ordered.flatMap((group) =>
    staleOf(group)
      .filter((pod) => isMissedByNobody(group, pod))
      .map((pod) => mendOf(group, pod)),
  );
  const replacements = ordered.flatMap((group) =>
    staleOf(group)
      .filter((pod) => !isMissedByNobody(group, pod))
      .map((pod) => replacementOf(group, pod, isDowngrade)),
  );
  if (replacements.length === 0) return { verdict: 'run', steps: mends };
  const pause: RollStep = {
    kind: 'pauseBalancer',
    what: "switch MongoDB's balancer off, if it is on",
    reason: 'ranges do not move while servers differ',
  };
  const resume: RollStep = {
    kind: 'resumeBalancer',
    what: "switch MongoDB's balancer on, if it was",
    reason: 'all servers are alike then',
  };
  return { verdict: 'run', steps: [...mends, pause, ...replacements, resume] };
}

/** Whether a pod is there and made from an older template. Pure. */
export function isStale({ revision }: Pick<RolledGroup, 'revision'>, pod: Pick<RolledPod, 'revision'>): boolean {
  return pod.revision !== undefined && pod.revision !== revision;
}

/** The primary last; else the highest number first, as Kubernetes would. */
function staleOf(group: RolledGroup): readonly RolledPod[] {
  const pods = group.pods.filter((pod) => isStale(group, pod)).toReversed();
  const isPrimary = ({ member }: RolledPod): boolean => member !== undefined && member === group.primary;
  return [...pods.filter((pod) => !isPrimary(pod)), ...pods.filter(isPrimary)];
}

function isMissedByNobody({ state }: RolledGroup, { isReady }: RolledPod): boolean {
  return !isReady || state === 'fresh';
}

function mendOf(group: RolledGroup, pod: RolledPod): RollStep {
  const why = pod.isReady ? 'there is no cluster yet' : 'it is not ready';
  const reason = `it is made from ${olderThan(group, pod)} and ${why}, so nobody misses it`;
  return { kind: 'mend', group, pod, what: `replace ${pod.name} of ${group.name}`, reason };
}

function replacementOf(group: RolledGroup, pod: RolledPod, isDowngrade: boolean): RollStep {
  const what = `replace ${pod.name} of ${group.name}`;
  const made = `it is made from ${olderThan(group, pod)}`;
  const step = { kind: 'replace', group, pod } as const;
  if (group.role === 'router') {
    const order = isDowngrade ? 'to an older version routers come first' : 'routers come last';
    return { ...step, what, reason: `${made}; ${order}` };
  }
  if (pod.member !== group.primary) return { ...step, what, reason: `${made}; it is a secondary, these come first` };
  if (group.pods.length === 1) return { ...step, what, reason: `${made}; it is alone, so its set is away meanwhile` };
  return {
    ...step,
    what: `let another be primary of ${group.name}, then ${what}`,
    reason: `${made}; it is the primary`,
  };
}

function olderThan(group: RolledGroup, pod: RolledPod): string {
  const [from, to] = [pod.image, group.image];
  const images = from === to ? 'the same image' : `${from} to ${to}`;
  return `an older template (${pod.revision} to ${group.revision}, ${images})`;
}

/** Whether a pod of it has a newer MongoDB than the template, by the tags of their images. */
function goesBack(group: RolledGroup): boolean {
  const wanted = imageVersion(group.image ?? '');
  return group.pods.some((pod) => isStale(group, pod) && compareVersions(wanted, imageVersion(pod.image ?? '')) < 0);
}

function refusalOf(group: RolledGroup): string | undefined {
  const { statefulSet, updateStrategy, name, state, compatibility, image = '' } = group;
  if (updateStrategy !== 'OnDelete') {
    return `the StatefulSet ${statefulSet} has the update strategy ${updateStrategy}, so Kubernetes replaces its pods in an order of its own; set it to OnDelete`;
  }
  if (state === 'away' && group.pods.some((pod) => pod.isReady && isStale(group, pod))) {
    return `no member of ${name} answers, although Kubernetes calls some of them ready, so nobody knows whether it would stay whole; delete its pods by hand if nobody can use it`;
  }
  const version = imageVersion(image);
  const data = compatibility === undefined ? undefined : imageVersion(`:${compatibility}`);
  if (!version || !data) return undefined;
  if (compareVersions(version, data) < 0) {
    return `${image} is older than featureCompatibilityVersion ${compatibility} of ${name}, and would not start; set that back first (docs/operations.md)`;
  }
  if (version.major - data.major > 1) {
    return `${image} does not start on featureCompatibilityVersion ${compatibility} of ${name}; go one version of MongoDB at a time (docs/operations.md)`;
  }
  return undefined;
}
