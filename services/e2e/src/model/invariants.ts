import type { Invariant, Step } from './actions/step.js';
import { headOf, readableLog } from './world/room-view.js';
import { contentOf, messageIn, seal, slotOf } from './world/slot-entry.js';
import { acknowledged, live, twoIds, type World } from './world/world.js';

/**
 * The first promise that a state breaks, or undefined. `quiescent`: nothing is left to do unless a fault happens.
 *
 * - `lost`: an acknowledged message is not in the log that readers find, under any id.
 * - `duplicate`: two records of one message at majority.
 * - `equal ids`: two messages at majority with one id.
 * - `gap`: an id below the head without a message.
 * - `reordered`: a message is acknowledged under one id and read under another, or a writer's second message stands
 *   before its first although the first was never given up (R11: sends keep their order).
 * - `phantom`: the client shows a message that no primary has under that id.
 * - `unseen`: a connected client does not show the whole log when nothing is left to do.
 * - `unanswered`: a writer still waits when nothing is left to do.
 * - `wrong ack`: two acks of one message named different ids.
 */
export function brokenPromise(
  step: Pick<Step, 'rules' | 'predecessors'>,
  world: World,
  quiescent: boolean,
): Invariant | undefined {
  const log = readableLog(world);
  return (
    ofRecords(world) ??
    ofLog(world, log) ??
    ofOrder(step, world, log) ??
    ofViewer(world) ??
    (quiescent ? ofEnd(world, log) : undefined)
  );
}

function ofRecords({ months }: World): Invariant | undefined {
  for (const [month, { entries, committed }] of months.entries()) {
    for (let index = 0; index < committed; index++) {
      const entry = entries[index] as number;
      if (contentOf(entry) === seal) continue;
      for (let other = month; other < 2; other++) {
        const later = months[other as 0 | 1];
        for (let place = other === month ? index + 1 : 0; place < later.committed; place++) {
          const record = later.entries[place] as number;
          if (contentOf(record) === seal) continue;
          if (messageIn(contentOf(record)) === messageIn(contentOf(entry))) return 'duplicate';
          if (slotOf(record) === slotOf(entry)) return 'equal ids';
        }
      }
    }
  }
  return undefined;
}

function ofLog({ clients }: World, log: readonly number[]): Invariant | undefined {
  for (let message = 0; message < clients.length; message++) {
    const id = clients[message]?.ackedId ?? 0;
    if (id === twoIds) return 'wrong ack';
    if (id !== 0 && log[id - 1] !== message + 1) return log.includes(message + 1) ? 'reordered' : 'lost';
  }
  for (let id = headOf(log); id > 0; id--) if (log[id - 1] === 0) return 'gap';
  return undefined;
}

function ofOrder(
  { rules, predecessors }: Pick<Step, 'rules' | 'predecessors'>,
  { orderVoid }: World,
  log: readonly number[],
): Invariant | undefined {
  if (orderVoid === 1 && rules.orderAfterUnknown === 'not promised') return undefined;
  for (let message = 0; message < predecessors.length; message++) {
    const before = predecessors[message] as number;
    if (before >= 0 && log.indexOf(message + 1) >= 0 && log.indexOf(before + 1) > log.indexOf(message + 1))
      return 'reordered';
  }
  return undefined;
}

function ofViewer({ months, viewer }: World): Invariant | undefined {
  for (let id = 1; id <= viewer.shown.length; id++) {
    const shown = viewer.shown[id - 1] as number;
    const isStored = (entry: number): boolean =>
      slotOf(entry) === id && contentOf(entry) !== seal && messageIn(contentOf(entry)) === shown - 1;
    if (shown !== 0 && !months.some(({ entries }) => entries.some(isStored))) return 'phantom';
  }
  return undefined;
}

function ofEnd({ clients, viewer }: World, log: readonly number[]): Invariant | undefined {
  if (clients.some(({ status }) => status !== acknowledged)) return 'unanswered';
  const listens = viewer.shown.length > 0 && viewer.presence === live;
  return listens && viewer.shown.some((shown, index) => shown !== log[index]) ? 'unseen' : undefined;
}
