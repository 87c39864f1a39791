import { insertDocument } from '../world/collection.js';
import { detachedCommand } from '../world/detached-command.js';
import { searched } from '../world/queue-entry.js';
import { seal, slotEntry } from '../world/slot-entry.js';
import { blank, enter, ready, sealing, type World } from '../world/world.js';
import type { Action } from './step.js';
import { markSearched, pushSegment, searchFirstMonth } from './tail-actions.js';

/**
 * A pod whose clock has passed the month's end seals the segment behind its head. Whether MongoDB's clock agrees is not
 * modelled: a pod that is ahead of it only waits. Mirrors `RoomLog.#closeMonth`, `SegmentChain.closeMonth`.
 */
export const closeMonth: Action = (step) => {
  for (const [pod, { clock, stage, month, head, queue }] of step.from.pods.entries()) {
    if (stage !== ready || queue.length === 0 || month !== 0 || clock === 0) continue;
    const world = step.fork();
    const log = world.pods[pod as 0 | 1];
    if (step.rules.previousSearch === 'before the seal' && queue.some((entry) => (entry & searched) === 0)) {
      searchFirstMonth(step, world, pod, world.months[0].committed);
      markSearched(world, pod);
    }
    if (step.rules.monthEnd === 'seal') {
      enter(log, sealing, { head });
    } else {
      pushSegment(world, head + 1);
      enter(log, blank);
    }
    step.emit('closeMonth', pod, head + 1);
  }
};

/**
 * The seal is inserted or refused. The pod does not look at the outcome, it reads the tail again; that it may do so a
 * little early, before the answer, adds behaviour and takes none away. Mirrors `SegmentChain.closeMonth`.
 */
export const landSeal: Action = (step) => {
  for (const [pod, { stage, head }] of step.from.pods.entries()) {
    if (stage !== sealing) continue;
    const world = step.fork();
    insertDocument(world, step.rules, 0, slotEntry(head + 1, seal));
    enter(world.pods[pod as 0 | 1], blank);
    step.emit('landSeal', pod, head + 1);
  }
};

/** A seal that its pod no longer waits for. */
export function detachSeal(world: World, pod: number): void {
  world.detached.push(detachedCommand(0, world.pods[pod as 0 | 1].head + 1, [seal]));
}
