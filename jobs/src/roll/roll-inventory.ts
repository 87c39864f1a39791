import { setTimeout as delay } from 'node:timers/promises';
import type { ClusterTopology, TopologySet } from '../bootstrap/cluster-topology.js';
import { readSetState } from '../bootstrap/replica-set.js';
import type { JobContext } from '../job-context.js';
import { JobFailed } from '../job-failed.js';
import type { PodSight, StatefulPods } from '../kubernetes/stateful-pods.js';
import { isStale, type RolledGroup, type RolledPod } from './plan-roll-mongodb.js';
import { readCompatibility, readSet } from './read-set.js';
import { primaryOf } from './set-fault.js';

const unseenMs = 30_000;

/** Where MongoDB is and how it is called. */
export interface RollPlace {
  readonly topology: ClusterTopology;
  /** Connection string of the router. */
  readonly mongoUri: string;
  /** What the names of its StatefulSets begin with: `chat-mongodb` of `chat-mongodb-hot-1` and `chat-mongodb-router`. */
  readonly name: string;
}

/**
 * All pods of MongoDB, config servers first and routers last. MongoDB is asked only where a pod is made from an older template.
 * @throws JobFailed when a StatefulSet is not there or its controller has not seen it yet; what Kubernetes' client
 * throws.
 */
export async function readRollInventory(
  { topology, mongoUri, name }: RollPlace,
  pods: StatefulPods,
  elapsedMs: JobContext['elapsedMs'],
): Promise<readonly RolledGroup[]> {
  const config = await readGroup('config', topology.config, { name, mongoUri, pods, elapsedMs });
  const shards = await Promise.all(
    topology.shards.map((set) => readGroup('shard', set, { name, mongoUri, pods, elapsedMs })),
  );
  const routers = await readRouters(`${name}-router`, pods, elapsedMs);
  if (!routers.pods.some((pod) => isStale(routers, pod))) return [config, ...shards, routers];
  const { kind } = await readSetState(topology.config, { mongoUri, keyfile: undefined });
  return [config, ...shards, { ...routers, state: kind === 'fresh' ? 'fresh' : 'formed' }];
}

interface Place {
  readonly name: string;
  readonly mongoUri: string;
  readonly pods: StatefulPods;
  readonly elapsedMs: JobContext['elapsedMs'];
}

async function readGroup(
  role: 'config' | 'shard',
  set: TopologySet,
  { name, mongoUri, pods, elapsedMs }: Place,
): Promise<RolledGroup> {
  const { revision, ...found } = await statefulSetOf(`${name}-${set.name}`, pods, elapsedMs);
  const members = await Promise.all(
    set.members.map(async (member, index): Promise<RolledPod> => {
      const podName = `${found.name}-${index}`;
      return rolledPod(podName, await pods.pod(podName), member);
    }),
  );
  const { updateStrategy, image } = found;
  const group = { role, name: set.name, statefulSet: found.name, updateStrategy, revision, image, pods: members };
  const unasked = { ...group, state: 'formed', primary: undefined, compatibility: undefined } as const;
  if (!members.some((pod) => isStale(group, pod))) return unasked;
  const { kind: state } = await readSetState(set, { mongoUri, keyfile: undefined });
  if (state !== 'formed') return { ...unasked, state };
  const primary = primaryOf(await readSet(set, mongoUri));
  if (primary === undefined) return { ...group, state, primary, compatibility: undefined };
  try {
    return { ...group, state, primary, compatibility: await readCompatibility(primary, mongoUri) };
  } catch (thrown) {
    throw new JobFailed(`${primary} does not tell its featureCompatibilityVersion: ${String(thrown)}`);
  }
}

async function readRouters(name: string, pods: StatefulPods, elapsedMs: JobContext['elapsedMs']): Promise<RolledGroup> {
  const { revision, replicas, updateStrategy, image } = await statefulSetOf(name, pods, elapsedMs);
  const names = Array.from({ length: replicas }, (_, index) => `${name}-${index}`);
  const found = await Promise.all(names.map(async (each) => rolledPod(each, await pods.pod(each), undefined)));
  const group = { role: 'router', name: 'the routers', statefulSet: name, updateStrategy, revision, image } as const;
  return { ...group, pods: found, state: 'formed', primary: undefined, compatibility: undefined };
}

/** Once its controller has seen the newest template, which takes it a moment. */
async function statefulSetOf(name: string, pods: StatefulPods, elapsedMs: JobContext['elapsedMs']) {
  const giveUpAt = elapsedMs() + unseenMs;
  for (;;) {
    const found = await pods.statefulSet(name);
    if (!found) throw new JobFailed(`there is no StatefulSet ${name}`);
    const { revision } = found;
    if (revision !== undefined) return { ...found, revision };
    if (elapsedMs() > giveUpAt) {
      throw new JobFailed(
        `the controller of the StatefulSet ${name} has not seen its newest template in ${unseenMs / 1_000} s`,
      );
    }
    await delay(500);
  }
}

function rolledPod(name: string, found: PodSight | undefined, member: string | undefined): RolledPod {
  return { name, member, isReady: found?.isReady === true, revision: found?.revision, image: found?.image };
}
