import { findMessage, lastRecord, majorityViews } from '../world/collection.js';
import { issued, queuedMessage, queuedTag, searched } from '../world/queue-entry.js';
import { contentOf, messageContent, seal, slotOf, tagIn } from '../world/slot-entry.js';
import { blank, type Collection, enter, ready, type World } from '../world/world.js';
import { reject } from './client-actions.js';
import { acknowledge, publish } from './settle.js';
import type { Action, Step } from './step.js';

/**
 * A pod without a tail reads the room's chain, the newest slot of its last segment, and the messages there that it had
 * tried to store (R3: no answer is no failure; R4: a taken slot is read at majority). A seal in that slot means that
 * the next month joins the chain, and that the pod reads again.
 *
 * In the code these are two to four commands one after the other; here they are one step. Nothing is lost by that: a
 * record that comes in between makes the pod's head an old one, and a tail can grow old in `ready` just the same; a seal
 * or a segment that comes in between makes it push what is pushed already. Nor is a push lost or late: until it has
 * landed, every pod that reads will do it again. Mirrors `RoomLog.#load`, `SegmentChain.readTail` and `#push`,
 * `MongoRoomStore.pushSegment`.
 */
export const load: Action = (step) => {
  for (const [pod, { stage, queue }] of step.from.pods.entries()) {
    if (stage !== blank || queue.length === 0) continue;
    for (const firstId of chainViews(step.from)) {
      const month = firstId === 0 ? 0 : 1;
      const collection = step.from.months[month];
      const views = majorityViews(collection);
      for (const view of views) loadFrom(step, pod, month, firstId, view);
    }
  }
};

/** First ids of the second segment, 0 for none, that a read at majority may see. */
function chainViews({ chain }: World): readonly number[] {
  if (chain.committed === 0) return [0];
  return chain.stale === 1 ? [chain.firstId, 0] : [chain.firstId];
}

function loadFrom(step: Step, pod: number, month: 0 | 1, firstId: number, view: number): void {
  const world = step.fork();
  const collection = world.months[month];
  const last = lastRecord(collection, step.rules.headRead === 'local' ? collection.entries.length : view);
  const sealedAt = step.rules.sealRead === 'local' ? localSeal(collection) : contentOf(last) === seal ? last : 0;
  if (sealedAt > 0) {
    pushSegment(world, slotOf(sealedAt));
    return step.emit('push', pod, slotOf(sealedAt));
  }
  const stored = step.rules.retryRead === 'local' ? collection.entries.length : view;
  const newest = settleStored(step, world, pod, month, stored, issued);
  if (step.rules.emptySlot === 'dead') rejectMissing(world, pod);
  const counted = step.rules.messageId === 'counter in Redis';
  const head = counted ? 0 : Math.max(last > 0 ? slotOf(last) : firstId - 1, newest, 0);
  enter(world.pods[pod as 0 | 1], ready, { month, head });
  step.emit('load', pod, head);
}

function localSeal(collection: Collection): number {
  const last = lastRecord(collection, collection.entries.length);
  return contentOf(last) === seal ? last : 0;
}

/** A compare-and-swap on the chain's length. */
export function pushSegment({ chain, left }: World, firstId: number): void {
  if (chain.firstId !== 0) return;
  chain.firstId = firstId;
  chain.committed = left.failovers === 0 ? 1 : 0;
}

/** What R3 forbids: an empty slot is taken for the proof that nothing was stored or will be. */
function rejectMissing(world: World, pod: number): void {
  const { queue } = world.pods[pod as 0 | 1];
  for (let index = queue.length - 1; index >= 0; index--) {
    const entry = queue[index] as number;
    if ((entry & issued) === 0) continue;
    queue.splice(index, 1);
    reject(world, queuedMessage(entry), pod);
  }
}

/**
 * Looks for all queued messages in the first month (R5: a client id makes a retry safe). Mirrors
 * `RoomLog.#searchPrevious`.
 */
export function searchFirstMonth(step: Step, world: World, pod: number, view: number): void {
  settleStored(step, world, pod, 0, view, 0);
}

/** Marks all queued messages as searched for, which a pod that searches too early must remember. */
export function markSearched({ pods }: World, pod: number): void {
  const { queue } = pods[pod as 0 | 1];
  for (let index = 0; index < queue.length; index++) queue[index] = (queue[index] as number) | searched;
}

/**
 * Settles the queued messages with `flag` that stand among the first `view` records of a month, and answers the highest
 * id among them. Only a pod's own records are published: others' pods do that. Mirrors `RoomLog.#settleStored`.
 */
function settleStored(step: Step, world: World, pod: number, month: number, view: number, flag: number): number {
  const { queue } = world.pods[pod as 0 | 1];
  let newest = 0;
  for (let index = queue.length - 1; index >= 0; index--) {
    const entry = queue[index] as number;
    if ((entry & flag) !== flag) continue;
    const [message, tag] = [queuedMessage(entry), queuedTag(entry)];
    const stored = findMessage(world.months[month as 0 | 1], step.rules, messageContent(message, tag), view);
    if (stored === 0) continue;
    queue.splice(index, 1);
    newest = Math.max(newest, slotOf(stored));
    if (tagIn(contentOf(stored)) === tag) publish(step, world, slotOf(stored), message);
    acknowledge(world, message, pod, slotOf(stored));
  }
  return newest;
}
