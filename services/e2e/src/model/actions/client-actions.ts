import { queuedMessage, queueEntry } from '../world/queue-entry.js';
import { acknowledged, toRepeat, unsent, type World, waiting } from '../world/world.js';
import type { Action, Step } from './step.js';

/**
 * A message goes to a pod, for the first time or again. Any pod may get it, which is more than rendezvous hashing
 * allows; but a writer's second message follows the first as long as that is under way, and is repeated together with
 * it, behind it. Mirrors the SDK's `outbox-policy.ts`, the gateway's `ChatServicePool.call` and `onBreak`, `RoomAffinity`, and
 * `RoomLog.submit`.
 */
export const send: Action = (step) => {
  for (const [message, client] of step.from.clients.entries()) {
    if (client.status !== unsent && client.status !== toRepeat) continue;
    const before = step.from.clients[step.predecessors[message] as number];
    if (before?.status === unsent || before?.status === toRepeat) continue;
    for (let pod = 0; pod < 2; pod++) {
      if (before?.status === waiting && before.pod !== pod) continue;
      const world = step.fork();
      submit(step, world, message, pod);
      const after = step.predecessors.indexOf(message);
      if (client.status === toRepeat && world.clients[after]?.status === toRepeat) submit(step, world, after, pod);
      step.emit(client.status === unsent ? 'send' : 'repeat', message, pod);
    }
  }
};

/** A second attempt that finds the first in the queue shares its fate. */
function submit(step: Step, world: World, message: number, pod: number): void {
  const client = world.clients[message] as World['clients'][number];
  if (step.bounds.viewer === 1 && client.status === toRepeat) client.tag = Math.min(client.tag + 1, 3);
  client.status = waiting;
  client.pod = pod;
  const { queue } = world.pods[pod as 0 | 1];
  if (!queue.some((entry) => queuedMessage(entry) === message)) queue.push(queueEntry(message, client.tag));
}

/**
 * A client's attempt ends as unknown: its deadline passes, its gateway dies, or the answer is lost. The pod may go on
 * with it. Mirrors the gateway's `ChatServicePool.expire` and the SDK's `afterFailure`.
 */
export const giveUp: Action = (step) => {
  if (step.from.left.giveUps === 0) return;
  for (const [message, client] of step.from.clients.entries()) {
    if (client.status !== waiting) continue;
    const world = step.fork();
    world.left.giveUps -= 1;
    const after = world.clients[step.predecessors.indexOf(message)];
    if (after && (after.status === waiting || after.status === toRepeat)) world.orderVoid = 1;
    endAttempt(world, message);
    step.emit('giveUp', message);
  }
};

/** The calls to a pod that has died are handed back; their clients or gateways repeat them in their old order. */
export function handBack(world: World, pod: number): void {
  for (const [message, client] of world.clients.entries())
    if (client.status === waiting && client.pod === pod) endAttempt(world, message);
}

function endAttempt(world: World, message: number): void {
  const client = world.clients[message] as World['clients'][number];
  client.status = toRepeat;
  client.pod = 0;
}

/** A pod answers a message to whoever waits for it there. */
export function answer(world: World, message: number, pod: number): void {
  const client = world.clients[message] as World['clients'][number];
  if (client.status !== waiting || client.pod !== pod) return;
  client.status = acknowledged;
  client.pod = 0;
}

/** A pod says that a message was not stored; its sender sends it again, as a new message. */
export function reject(world: World, message: number, pod: number): void {
  const client = world.clients[message] as World['clients'][number];
  if (client.status !== waiting || client.pod !== pod) return;
  client.status = toRepeat;
  client.pod = 0;
  client.tag = Math.min(client.tag + 1, 3);
}
