import { awaitNodes, type Waiting } from './nodes/await-nodes.js';
import { type ClusterNode, ownLine } from './nodes/cluster-node.js';
import type { RedisNodes } from './nodes/redis-nodes.js';
import { countSlots, slotsOutside } from './nodes/slot-ranges.js';
import { type RedisStep, reaches } from './plan-redis-bootstrap.js';
import { redisLosses } from './plan-redis-heal.js';

/** How long a handshake gets before it is asked for again, milliseconds. */
const handshakeMs = 5_000;

/**
 * Takes one step towards a cluster and waits until it shows. What another run has done meanwhile is done. Rejects with
 * JobFailed when the nodes do not come to it in time.
 */
export async function takeRedisStep(step: RedisStep, nodes: RedisNodes, waiting: Waiting): Promise<void> {
  await waiting.checkpoint(`redis:${step.kind}`);
  switch (step.kind) {
    case 'giveSlots':
      return await giveSlots(step, nodes);
    case 'introduce':
      return await introduce(nodes, waiting);
    case 'follow':
      if (own(await nodes.views(), step.replica)?.masterId === step.master) return;
      return await nodes.node(step.replica).follow(step.master);
    case 'awaitHealthy':
      return await awaitNodes('waiting for the cluster to be healthy', waiting, async () =>
        ailment(await nodes.views()),
      );
  }
}

async function giveSlots(step: RedisStep & { kind: 'giveSlots' }, nodes: RedisNodes): Promise<void> {
  try {
    await nodes.node(step.node).giveSlots(step.slots, step.epoch);
  } catch (thrown) {
    const has = own(await nodes.views(), step.node)?.slots ?? [];
    const missing = slotsOutside([...has, ...slotsOutside(step.slots)]);
    if (countSlots(missing) > 0) throw thrown;
  }
}

async function introduce(nodes: RedisNodes, waiting: Waiting): Promise<void> {
  let askedAt = Number.NEGATIVE_INFINITY;
  await awaitNodes('waiting for the nodes to know each other', waiting, async () => {
    const views = await nodes.views();
    const missing = views.flatMap((from) =>
      views.filter((to) => to.id !== from.id && !reaches(from, to.id)).map((to) => [from, to] as const),
    );
    if (missing.length === 0) return undefined;
    if (waiting.elapsedMs() - askedAt > handshakeMs) {
      askedAt = waiting.elapsedMs();
      await Promise.all(missing.map(([from, to]) => nodes.node(from.id).meet(to)));
    }
    return `${missing.length} links are missing`;
  });
}

function own(views: readonly ClusterNode[], id: string) {
  const view = views.find((node) => node.id === id);
  return view && ownLine(view);
}

/** What is not well yet. A cluster with slots that nobody serves never says that it is. */
function ailment(views: readonly ClusterNode[]): string | undefined {
  const complete = redisLosses(views).withoutOwner.length === 0;
  const failing = views.filter(({ state, following }) => (complete && state !== 'ok') || !following);
  if (failing.length === 0) return undefined;
  return `${failing.map(({ name }) => name).join(', ')} not there yet`;
}
