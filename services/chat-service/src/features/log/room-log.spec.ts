import type { RoomId, UserId } from '@parlance/proto';
import { type InsertOutcome, type MonthYear, monthOf } from '@parlance/storage';
import { describe, expect, it } from 'vitest';
import { GroupCommit } from '../commit/group-commit.js';
import type { NewSlot } from '../slots/message-store.js';
import { PendingSend } from './pending-send.js';
import { RoomLog } from './room-log.js';
import type { RoomTail } from './room-tail.js';

const now = Date.UTC(2026, 0, 10);
const monthYear: MonthYear = monthOf(now);

describe('a room whose log is another one, as behind a restored backup', () => {
  it('reads its end again before it writes the next message, so that no hole arises', async () => {
    const log = shortenedLog();
    for (const name of ['1', '2', '3']) await log.send(name);
    log.head = 1;
    log.room.forgetTail();
    expect((await log.send('new')).slot.messageId).toBe(2);
  });

  it('reads it again for what waits for its insert command at that moment', async () => {
    const log = shortenedLog();
    await log.send('1');
    await log.send('2');
    const sent = log.send('new');
    log.head = 1;
    log.room.forgetTail();
    expect((await sent).slot.messageId).toBe(2);
    expect(log.reads).toBe(2);
  });

  it('takes the end for known neither from an insert command nor from a reading that began before', async () => {
    const log = shortenedLog();
    await log.send('1');
    const inFlight = log.send('2');
    await log.inserting();
    log.room.forgetTail();
    await inFlight;
    log.head = 1;
    expect((await log.send('new')).slot.messageId).toBe(2);

    log.room.forgetTail();
    const reading = log.send('newer');
    log.room.forgetTail();
    expect((await reading).slot.messageId).toBe(3);
    expect(log.reads).toBe(4);
  });
});

describe('a room that shared a command with one whose slot was taken', () => {
  it('tries the same slot again at once, without reading its end', async () => {
    const answers: InsertOutcome[][] = [
      [{ kind: 'committed' }, { kind: 'taken' }, { kind: 'notAttempted' }],
      [{ kind: 'committed' }],
      [{ kind: 'committed' }],
    ];
    const inserted: string[][] = [];
    const insert = async (_month: MonthYear, slots: readonly NewSlot[]): Promise<InsertOutcome[]> => {
      inserted.push(slots.map(({ roomId, messageId }) => `${roomId} ${Number(messageId)}`));
      await new Promise(setImmediate);
      return answers.shift() ?? [];
    };
    const commit = new GroupCommit(insert, stillClock);
    const reads: string[] = [];
    const chain = { ...nothingElse, readTail: async (roomId: string) => tailAt(reads.push(roomId)) };
    const results = ['one', 'two', 'three'].map((roomId) =>
      new RoomLog(roomId as RoomId, clock, chain, commit, () => undefined).submit(pending('m')),
    );
    expect((await Promise.all(results)).map(({ slot }) => slot.messageId)).toEqual([2, 5, 4]);
    expect(inserted).toEqual([['one 2', 'two 3', 'three 4'], ['three 4'], ['two 5']]);
    expect(reads).toEqual(['one', 'two', 'three', 'two']);
  });
});

/** A room over a log of which only the head counts. */
function shortenedLog() {
  const state = { head: 0, reads: 0, inserts: 0 };
  const commit = new GroupCommit(async (_month, slots) => {
    state.inserts++;
    await new Promise(setImmediate);
    state.head = Number(slots.at(-1)?.messageId);
    return slots.map((): InsertOutcome => ({ kind: 'committed' }));
  }, stillClock);
  const chain = {
    ...nothingElse,
    readTail: async () => {
      state.reads++;
      const { head } = state;
      await new Promise(setImmediate);
      return tailAt(head);
    },
  };
  const room = new RoomLog('r' as RoomId, clock, chain, commit, () => undefined);
  return Object.assign(state, {
    room,
    send: (name: string) => room.submit(pending(name)),
    async inserting(): Promise<void> {
      for (const before = state.inserts; state.inserts === before; ) await new Promise(setImmediate);
    },
  });
}

const stillClock = { elapsedMs: () => 0, after: () => undefined };
const clock = {
  now: () => now,
  backoff: () => Promise.reject(new Error('nothing fails here')),
  alarm: () => undefined,
};
const nothingElse = {
  closeMonth: () => Promise.reject(new Error('the month does not end here')),
  findStored: () => Promise.resolve([]),
};

function tailAt(head: number): RoomTail {
  const segment = { monthYear, firstId: 1, openedAt: now };
  return { segment, previous: undefined, length: 1, head, timestamp: now };
}

function pending(name: string): PendingSend {
  const context = { userId: 'ann' as UserId, traceId: '', deadlineAt: now + 1 };
  const body = { content: '', messageType: 'text', metadataJson: '' } as const;
  return new PendingSend(context, name, body, 'hash', { memberRev: 1, rev: 0, epoch: 1 });
}
