import { insertDocument, isCommitted, majorityViews } from '../world/collection.js';
import { begun, detachedCommand } from '../world/detached-command.js';
import { issued, queuedMessage, queuedTag, searched } from '../world/queue-entry.js';
import { messageContent, slotEntry } from '../world/slot-entry.js';
import { blank, enter, inserting, lastSlot, type Pod, ready, type World } from '../world/world.js';
import { acknowledge, publish } from './settle.js';
import type { Action, Step } from './step.js';
import { searchFirstMonth } from './tail-actions.js';

/**
 * A pod that knows the tail puts all that waits into one insert command for the slots behind the head. It may do so
 * although its clock has passed the month's end meanwhile. In a second segment it first looks for what waits in the
 * first one (R5: a client id makes a retry safe); that one is sealed and does not change any more, so the search and
 * the insert may be one step. Mirrors `RoomLog.#advance`, `#searchPrevious` and `take`, `GroupCommit`.
 */
export const insert: Action = (step) => {
  for (const [pod, { stage, month, queue }] of step.from.pods.entries()) {
    if (stage !== ready || queue.length === 0) continue;
    if (month === 0 || !searchesFirst(step, queue)) begin(step, pod, undefined);
    else for (const view of previousViews(step)) begin(step, pod, view);
  }
};

function searchesFirst({ rules }: Step, queue: readonly number[]): boolean {
  return rules.previousSearch === 'after the seal' || queue.some((entry) => (entry & searched) === 0);
}

/** A linearizable read waits until a majority has all it sees; one at majority may be answered by an old primary. */
function previousViews({ from, rules }: Step): readonly number[] {
  const [previous] = from.months;
  if (rules.previousRead === 'majority') return majorityViews(previous);
  return previous.committed === previous.entries.length ? [previous.committed] : [];
}

function begin(step: Step, pod: number, view: number | undefined): void {
  const world = step.fork();
  const log = world.pods[pod as 0 | 1];
  const { month, head } = log;
  if (view !== undefined) searchFirstMonth(step, world, pod, view);
  if (log.queue.length === 0) return step.emit('searchPrevious', pod);
  const counted = step.rules.messageId === 'counter in Redis';
  const before = counted ? world.counter : head;
  // At most four messages are stored: where this cuts a batch short, its first document is refused anyway.
  const batch = Math.min(log.queue.length, (counted ? lastSlot - 1 : lastSlot) - before);
  if (batch <= 0) return;
  enter(log, inserting, { month, head: before });
  log.batch = batch;
  if (counted) world.counter += log.batch;
  step.emit('insert', pod, before + 1);
}

/**
 * The primary works through the command's next document. An ordered command ends with the first refused one; an
 * unordered one goes on. Mirrors `MongoMessageStore.insert`.
 */
export const land: Action = (step) => {
  for (const [pod, log] of step.from.pods.entries()) {
    if (log.stage !== inserting || isWorkedThrough(log)) continue;
    const world = step.fork();
    const end = step.rules.roomBatch === 'unordered' ? log.batch : log.landed + 1;
    for (let index = log.landed; index < end; index++) landDocument(step, world, pod, index);
    answerCommands(step, world);
    step.emit('land', pod, log.landed);
  }
};

function landDocument(step: Step, world: World, pod: number, index: number): void {
  const log = world.pods[pod as 0 | 1];
  const landed = insertDocument(world, step.rules, log.month, documentOf(log, index));
  if (!landed) log.refused |= 1 << index;
  else if (step.rules.publication === 'before it')
    publish(step, world, log.head + 1 + index, queuedMessage(log.queue[index] as number));
  log.landed = index + 1;
}

function isWorkedThrough({ batch, landed, refused }: Pod): boolean {
  return refused !== 0 || landed === batch;
}

function documentOf({ head, queue }: Pod, index: number): number {
  const entry = queue[index] as number;
  return slotEntry(head + 1 + index, messageContent(queuedMessage(entry), queuedTag(entry)));
}

/**
 * Answers the commands of which a majority has all that they wrote: what was committed before the first refused
 * document is published and acknowledged, the rest goes back to the queue and the tail is read again (R3: no answer is
 * no failure; R4: a taken slot is read at majority). An answer is never late: an answer that comes late, or never, is
 * one to a pod that timed out or died before the command landed, which is modelled. Mirrors `RoomLog.#settle` and
 * `#retry`.
 */
export function answerCommands(step: Step, world: World): void {
  for (let pod = 0; pod < 2; pod++) {
    const log = world.pods[pod as 0 | 1];
    if (log.stage === inserting && isWorkedThrough(log) && isDurable(world, log)) settle(step, world, pod);
  }
}

function isDurable(world: World, log: Pod): boolean {
  for (let index = 0; index < log.landed; index++) {
    if ((log.refused & (1 << index)) !== 0) continue;
    if (!isCommitted(world.months[log.month as 0 | 1], documentOf(log, index))) return false;
  }
  return true;
}

function settle(step: Step, world: World, pod: number): void {
  const log = world.pods[pod as 0 | 1];
  const { batch, head, month, refused } = log;
  const stop = refused === 0 ? batch : 31 - Math.clz32(refused & -refused);
  for (let index = 0; index < batch; index++)
    if ((refused & (1 << index)) !== 0) log.queue[index] = (log.queue[index] as number) | issued;
  const settled = log.queue.splice(0, stop);
  if (stop === batch) enter(log, ready, { month, head: step.rules.messageId === 'head + 1' ? head + batch : 0 });
  else enter(log, blank);
  for (const [index, entry] of settled.entries()) publish(step, world, head + 1 + index, queuedMessage(entry));
  for (const [index, entry] of settled.entries()) acknowledge(world, queuedMessage(entry), pod, head + 1 + index);
}

/**
 * What becomes of a pod's insert when nobody will answer it: whatever has not landed yet may still do so, or never.
 * With `unordered` each document is on its own.
 */
export function detachInsert(step: Step, world: World, pod: number): void {
  const log = world.pods[pod as 0 | 1];
  if (isWorkedThrough(log)) return;
  const contents = log.queue
    .slice(log.landed, log.batch)
    .map((entry) => messageContent(queuedMessage(entry), queuedTag(entry)));
  const first = log.head + 1 + log.landed;
  if (step.rules.roomBatch === 'ordered')
    world.detached.push(detachedCommand(log.month, first, contents, log.landed > 0 ? begun : 0));
  else
    for (const [index, content] of contents.entries())
      world.detached.push(detachedCommand(log.month, first + index, [content]));
}

/** All of the command is unknown to the pod: it goes back to the queue, marked. Mirrors `RoomLog.#retry`. */
export function requeueUnknown(log: Pod): void {
  for (let index = 0; index < log.batch; index++) log.queue[index] = (log.queue[index] as number) | issued;
  enter(log, blank);
}
