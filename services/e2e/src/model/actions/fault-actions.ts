import { begun, commandMonth } from '../world/detached-command.js';
import { queuedMessage } from '../world/queue-entry.js';
import { blank, type Collection, enter, inserting, type Pod, sealing, type World, waiting } from '../world/world.js';
import { handBack } from './client-actions.js';
import { answerCommands, detachInsert, requeueUnknown } from './insert-actions.js';
import { detachSeal } from './month-actions.js';
import type { Action, Step } from './step.js';

/**
 * A pod dies and starts again. Its command may have landed, may land later, or never. A pod with nothing to do would lose
 * only its tail, which it would read again.
 */
export const crash: Action = (step) => {
  if (step.from.left.crashes === 0) return;
  for (const [pod, { queue }] of step.from.pods.entries()) {
    if (queue.length === 0) continue;
    const world = step.fork();
    world.left.crashes -= 1;
    detach(step, world, pod);
    const log = world.pods[pod as 0 | 1];
    log.queue.length = 0;
    enter(log, blank);
    handBack(world, pod);
    step.emit('crash', pod);
  }
};

/** A command gets no answer in time, or `wtimeout`: unknown to a pod that goes on (R3: no answer is no failure). */
export const timeOut: Action = (step) => {
  if (step.from.left.timeouts === 0) return;
  for (const [pod, { stage }] of step.from.pods.entries()) {
    if (stage !== inserting && stage !== sealing) continue;
    const world = step.fork();
    world.left.timeouts -= 1;
    loseAnswer(step, world, pod);
    step.emit('timeOut', pod, stage);
  }
};

/**
 * A collection, `rooms`, or all of them get a new primary that has some of what no majority had: the first `kept`
 * records. Commands under way there end as unknown; those that it had not begun with may still land, as through a
 * router. `stale` is what the old primary goes on showing.
 */
export const failOver: Action = (step) => {
  if (step.from.left.failovers === 0) return;
  for (const reach of [1, 2, 4, 7]) {
    const { months } = step.from;
    for (let first = leastKept(months[0], reach & 1); first <= months[0].entries.length; first++)
      for (let second = leastKept(months[1], reach & 2); second <= months[1].entries.length; second++)
        for (let chain = (reach & 4) !== 0 && hasPendingChain(step.from) ? 0 : 1; chain <= 1; chain++)
          if (changesSomething(step, reach, [first, second], chain)) failOverTo(step, reach, [first, second], chain);
  }
};

function changesSomething(step: Step, reach: number, kept: readonly [number, number], keptChain: number): boolean {
  const { months, chain, pods } = step.from;
  if (step.bounds.staleReads === 1) return true;
  if (kept.some((count, month) => count < months[month as 0 | 1].entries.length)) return true;
  if (keptChain === 0 && chain.firstId !== 0) return true;
  return pods.some((pod) => (whereItWaits(pod) & reach) !== 0);
}

/** Bit of the collection that a pod waits for. */
function whereItWaits({ stage, month }: Pod): number {
  return stage === inserting || stage === sealing ? 1 << month : 0;
}

function failOverTo(step: Step, reach: number, kept: readonly [number, number], keptChain: number): void {
  const world = step.fork();
  world.left.failovers -= 1;
  for (const [month, collection] of world.months.entries()) {
    if ((reach & (1 << month)) === 0) continue;
    collection.stale = step.bounds.staleReads === 1 ? collection.committed + 1 : 0;
    collection.entries.length = kept[month as 0 | 1];
  }
  if ((reach & 4) !== 0) {
    world.chain.stale = step.bounds.staleReads === 1 && world.chain.committed === 0 ? 1 : 0;
    if (keptChain === 0) world.chain.firstId = 0;
  }
  for (const [pod, log] of world.pods.entries()) if ((whereItWaits(log) & reach) !== 0) loseAnswer(step, world, pod);
  endBegunCommands(world, reach);
  if (world.left.failovers === 0) {
    commitAll(world);
    answerCommands(step, world);
  }
  step.emit('failOver', reach, kept[0] | (kept[1] << 3) | (keptChain << 6));
}

function endBegunCommands({ detached }: World, reach: number): void {
  for (let index = detached.length - 1; index >= 0; index--) {
    const command = detached[index] as number;
    if ((command & begun) !== 0 && (reach & (1 << commandMonth(command))) !== 0) detached.splice(index, 1);
  }
}

function leastKept({ entries, committed }: Collection, reached: number): number {
  return reached === 0 ? entries.length : committed;
}

function hasPendingChain({ chain }: World): boolean {
  return chain.firstId !== 0 && chain.committed === 0;
}

function commitAll(world: World): void {
  for (const collection of world.months) collection.committed = collection.entries.length;
  world.chain.committed = world.chain.firstId === 0 ? 0 : 1;
}

function loseAnswer(step: Step, world: World, pod: number): void {
  const log = world.pods[pod as 0 | 1];
  detach(step, world, pod);
  if (log.stage === inserting) requeueUnknown(log);
  else enter(log, blank);
}

function detach(step: Step, world: World, pod: number): void {
  const { stage } = world.pods[pod as 0 | 1];
  if (stage === inserting) detachInsert(step, world, pod);
  if (stage === sealing) detachSeal(world, pod);
}

/** A pod forgets a message that nobody waits for there, if no command carries it. Mirrors `RoomLog.#expire`. */
export const expire: Action = (step) => {
  for (const [pod, { batch, queue }] of step.from.pods.entries()) {
    for (let index = batch; index < queue.length; index++) {
      const client = step.from.clients[queuedMessage(queue[index] as number)];
      if (client?.status === waiting && client.pod === pod) continue;
      const world = step.fork();
      world.pods[pod as 0 | 1].queue.splice(index, 1);
      step.emit('expire', pod, queuedMessage(queue[index] as number));
    }
  }
};

/** A pod's clock passes the month's end, or steps back over it (R6: a month ends with its seal). */
export const moveClock: Action = (step) => {
  if (step.bounds.months === 1) return;
  for (const [pod, { clock }] of step.from.pods.entries()) {
    if (clock === 1 && step.from.left.clockSteps === 0) continue;
    const world = step.fork();
    world.pods[pod as 0 | 1].clock = 1 - clock;
    if (clock === 1) world.left.clockSteps -= 1;
    step.emit(clock === 1 ? 'clockBack' : 'monthEnds', pod);
  }
};

/** Redis fails over to a replica that had not heard of the last id. */
export const stepCounterBack: Action = (step) => {
  if (step.from.left.counterSteps === 0 || step.from.counter === 0) return;
  const world = step.fork();
  world.left.counterSteps -= 1;
  world.counter -= 1;
  step.emit('counterBack', world.counter);
};
