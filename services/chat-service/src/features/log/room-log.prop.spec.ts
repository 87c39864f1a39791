import { ChatError, type RoomId, type UserId } from '@parlance/proto';
import { type InsertOutcome, type MonthYear, monthOf } from '@parlance/storage';
import fc from 'fast-check';
import { ObjectId } from 'mongodb';
import { expect, it } from 'vitest';
import { GroupCommit } from '../commit/group-commit.js';
import type { NewSlot, StoredSlot } from '../slots/message-store.js';
import { storedForm } from '../slots/slot.mapper.js';
import type { LogClock } from './log-clock.js';
import { type Committed, PendingSend, type SendResult } from './pending-send.js';
import { RoomLog } from './room-log.js';
import type { SegmentChain } from './segment-chain.js';

/** What the simulated server does with one insert command. */
type Weather = 'fair' | 'ackLost' | 'requestLost' | 'landsLate' | 'neverSent';

const weather = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.constant<Weather>('fair') },
    fc.constantFrom<Weather>('ackLost', 'requestLost', 'landsLate', 'neverSent'),
  ),
  { minLength: 40, maxLength: 40 },
);

const sends = fc.array(
  fc.record({
    pod: fc.nat({ max: 1 }),
    room: fc.nat({ max: 1 }),
    sender: fc.nat({ max: 2 }),
    retryOf: fc.option(fc.nat(), { freq: 5 }),
    /** Retries of the store that the caller waits for. */
    patience: fc.option(fc.integer({ min: 1, max: 4 }), { freq: 3 }),
    /** Turns of the event loop until the next send. */
    pause: fc.nat({ max: 3 }),
  }),
  { minLength: 1, maxLength: 60 },
);

// Two thousand runs take as long as the machine takes.
it('neither loses, doubles nor reorders an acknowledged message nor stores a rejected one, whatever the store does to two pods', {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(weather, sends, async (forecast, plan) => {
      const store = new SimulatedStore(forecast);
      const pods = [store.pod(), store.pod()];
      const journal: { pod: number; roomId: RoomId; send: PendingSend; result: Promise<Answer> }[] = [];
      for (const [index, { pod, room, sender, retryOf, patience, pause }] of plan.entries()) {
        const ticks = patience === null ? undefined : store.ticks + patience;
        const earlier = retryOf === null ? undefined : journal[retryOf % Math.max(1, journal.length)]?.send;
        const roomId = `room-${room}` as RoomId;
        const send =
          earlier && journal.some((entry) => entry.send === earlier && entry.roomId === roomId)
            ? pending(earlier.senderId, earlier.clientMessageId, 'hash', ticks)
            : pending(`user-${sender}` as UserId, `message-${index}`, 'hash', ticks);
        const log = pods[pod]?.(roomId);
        if (log) journal.push({ pod, roomId, send, result: answerOf(log.submit(send)) });
        for (let turn = 0; turn < pause; turn++) await new Promise(setImmediate);
      }
      const results = await Promise.all(journal.map(({ result }) => result));
      store.landEverything();

      for (const roomId of new Set(journal.map((entry) => entry.roomId))) {
        const log = store.slotsOf(roomId);
        expect(log.map(({ messageId }) => messageId)).toEqual(log.map((_, index) => index + 1));
        const keys = log.map(({ senderId, clientMessageId }) => `${senderId}/${clientMessageId}`);
        expect(new Set(keys).size).toBe(keys.length);
      }
      const storedThoughRejected = journal.filter(
        ({ roomId, send }, index) =>
          results[index]?.outcome === 'rejected' && store.slotsOf(roomId).some(({ _id }) => _id.equals(send._id)),
      );
      expect(storedThoughRejected).toEqual([]);
      for (const [index, { roomId, send }] of journal.entries()) {
        const answer = results[index];
        const acked = answer?.slot;
        if (!acked) continue;
        const stored = store.slotsOf(roomId).find(({ messageId }) => messageId === acked?.messageId);
        expect(stored).toMatchObject({ senderId: send.senderId, clientMessageId: send.clientMessageId });
        expect(answer?.deduplicated || store.announced.has(send)).toBe(true);
      }
      for (const [index, later] of journal.entries()) {
        for (const [before, earlier] of journal.slice(0, index).entries()) {
          const sameLine = later.pod === earlier.pod && later.roomId === earlier.roomId;
          const bothNew = !results[index]?.deduplicated && !results[before]?.deduplicated;
          const known =
            results[index]?.slot !== undefined &&
            results[before]?.slot !== undefined &&
            store.first(later.send.clientMessageId) === later.send &&
            store.first(earlier.send.clientMessageId) === earlier.send;
          if (!sameLine || !bothNew || !known) continue;
          expect(results[index]?.slot?.messageId).toBeGreaterThan(results[before]?.slot?.messageId ?? 0);
        }
      }
      expect(store.announcedOutOfOrder).toEqual([]);
    }),
    { numRuns: 2_000 },
  );
});

it('lets a second send with the same client id share the fate of the first', async () => {
  const store = new SimulatedStore([]);
  const log = store.pod()('room-0' as RoomId);
  const first = pending('ann' as UserId, 'once');
  const [one, two] = await Promise.all([log.submit(first), log.submit(pending('ann' as UserId, 'once'))]);
  expect(one).toMatchObject({ deduplicated: false, slot: { messageId: 1 } });
  expect(two).toMatchObject({ deduplicated: true, slot: { messageId: 1 } });
});

it('answers many retries of stored messages without a pause before each', async () => {
  const store = new SimulatedStore([]);
  const names = Array.from({ length: 20 }, (_, index) => `message-${index}`);
  for (const pod of [store.pod(), store.pod()]) {
    const log = pod('room-0' as RoomId);
    const results = await Promise.all(names.map((name) => log.submit(pending('ann' as UserId, name))));
    expect(results.map(({ slot }) => slot.messageId)).toEqual(names.map((_, index) => index + 1));
  }
  expect(store.pauses).toBe(0);
});

it('refuses the same client id with another body, queued or stored', async () => {
  const store = new SimulatedStore([]);
  const log = store.pod()('room-0' as RoomId);
  const first = log.submit(pending('ann' as UserId, 'once', 'hash-a'));
  await expect(log.submit(pending('ann' as UserId, 'once', 'hash-b'))).rejects.toMatchObject({
    reason: 'IDEMPOTENCY_CONFLICT',
  });
  await first;
  await expect(log.submit(pending('ann' as UserId, 'once', 'hash-b'))).rejects.toMatchObject({
    reason: 'IDEMPOTENCY_CONFLICT',
  });
  expect(store.slotsOf('room-0')).toHaveLength(1);
});

it('answers unknown for what may still land, and rejected for what was never sent', async () => {
  const stuck = new SimulatedStore(new Array<Weather>(40).fill('landsLate'));
  const late = stuck
    .pod()('room-0' as RoomId)
    .submit(pending('ann' as UserId, 'a', 'hash', 1));
  await expect(late).rejects.toMatchObject({ outcome: 'unknown', row: { retryable: true } });

  const unreachable = new SimulatedStore(new Array<Weather>(40).fill('neverSent'));
  const never = unreachable
    .pod()('room-0' as RoomId)
    .submit(pending('ann' as UserId, 'a', 'hash', 1));
  await expect(never).rejects.toMatchObject({ outcome: 'rejected', row: { retryable: true } });
});

/** What a caller was told: the slot, or with which outcome it failed. */
interface Answer extends Partial<SendResult> {
  readonly outcome?: 'rejected' | 'unknown';
}

function answerOf(result: Promise<SendResult>): Promise<Answer> {
  return result.catch((thrown: unknown) => {
    if (thrown instanceof ChatError) return { outcome: thrown.outcome };
    throw thrown;
  });
}

function pending(
  senderId: UserId,
  clientMessageId: string,
  hash = 'hash',
  ticks = Number.POSITIVE_INFINITY,
): PendingSend {
  const body = { content: 'text', messageType: 'text', metadataJson: '' } as const;
  return new PendingSend({ userId: senderId, traceId: '', deadlineAt: start + ticks }, clientMessageId, body, hash, {
    memberRev: 1,
    rev: 0,
    epoch: 1,
  });
}

const start = Date.UTC(2026, 10, 15);
const month: MonthYear = monthOf(start);

/** One collection with both unique indexes and a server that may be slow, deaf or silent. Time moves with each pause. */
class SimulatedStore {
  private readonly slots: StoredSlot[] = [];
  private readonly late: (() => void)[] = [];
  private alarms: { readonly at: number; readonly ring: () => void }[] = [];
  readonly announced = new Set<PendingSend>();
  private readonly submitted = new Map<string, PendingSend>();
  readonly announcedOutOfOrder: string[] = [];
  /** Times that a pod has waited before its next try. */
  pauses = 0;
  private clock = start;
  private commands = 0;

  constructor(private readonly forecast: readonly Weather[]) {}

  slotsOf(roomId: string): StoredSlot[] {
    return this.slots
      .filter((slot) => slot.roomId === roomId)
      .toSorted((left, right) => left.messageId - right.messageId);
  }

  /** Retries so far: time does not pass otherwise. */
  get ticks(): number {
    return this.clock - start;
  }

  /** The first send that was ever submitted under a client id. */
  first(clientMessageId: string): PendingSend | undefined {
    return this.submitted.get(clientMessageId);
  }

  landEverything(): void {
    for (const land of this.late.splice(0)) land();
  }

  pod(): (roomId: RoomId) => RoomLog {
    const rooms = new Map<string, RoomLog>();
    const commit = new GroupCommit((_month, slots, ordered) => this.insert(slots, ordered), {
      elapsedMs: () => this.ticks,
      after: (_ms, ring) => void setImmediate(ring),
    });
    const clock: LogClock = {
      now: () => this.clock,
      backoff: async () => {
        this.pauses++;
        this.pass();
        this.late.shift()?.();
        await new Promise(setImmediate);
      },
      alarm: (at, ring) => void this.alarms.push({ at, ring }),
    };
    const chain: Pick<SegmentChain, 'readTail' | 'closeMonth' | 'findStored'> = {
      readTail: async (roomId) => {
        await new Promise(setImmediate);
        const segment = { monthYear: month, firstId: 1, openedAt: start };
        const last = this.slotsOf(roomId).at(-1);
        return {
          segment,
          previous: undefined,
          length: 1,
          head: last?.messageId ?? 0,
          timestamp: last?.timestamp ?? start,
        };
      },
      closeMonth: () => Promise.reject(new Error('the month does not end here')),
      findStored: async (roomId, _segment, asked) => {
        await new Promise(setImmediate);
        return this.slotsOf(roomId).filter((slot) =>
          asked.some((send) => send.senderId === slot.senderId && send.clientMessageId === slot.clientMessageId),
        );
      },
    };
    const announce = (roomId: string, messages: readonly Committed[]): void => this.note(roomId, messages);
    return (roomId) => {
      const room = rooms.get(roomId) ?? new RoomLog(roomId, clock, chain, commit, announce);
      rooms.set(roomId, room);
      const submit = room.submit.bind(room);
      return Object.assign(Object.create(room) as RoomLog, {
        submit: (send: PendingSend) => {
          if (!this.submitted.has(send.clientMessageId)) this.submitted.set(send.clientMessageId, send);
          return submit(send);
        },
      });
    };
  }

  private pass(): void {
    this.clock++;
    const due = this.alarms.filter(({ at }) => at <= this.clock);
    this.alarms = this.alarms.filter(({ at }) => at > this.clock);
    for (const { ring } of due) ring();
  }

  /** A message may be announced more than once and by different pods; one pod's announcements of a room ascend. */
  private note(roomId: string, messages: readonly Committed[]): void {
    const ids = messages.map(({ slot }) => slot.messageId);
    if (ids.some((id, index) => index > 0 && id <= (ids[index - 1] ?? 0)))
      this.announcedOutOfOrder.push(`${roomId}: ${ids.join()}`);
    for (const { send } of messages) this.announced.add(send);
  }

  private async insert(slots: readonly NewSlot[], ordered: boolean): Promise<InsertOutcome[]> {
    const today = this.forecast[this.commands++] ?? 'fair';
    await new Promise(setImmediate);
    const unknown = slots.map((): InsertOutcome => ({ kind: 'unknown', cause: today }));
    switch (today) {
      case 'fair':
        return this.apply(slots, ordered);
      case 'ackLost':
        this.apply(slots, ordered);
        return unknown;
      case 'requestLost':
        return unknown;
      case 'landsLate':
        this.late.push(() => this.apply(slots, ordered));
        return unknown;
      case 'neverSent':
        return slots.map(() => ({ kind: 'notAttempted', cause: today }));
    }
  }

  private apply(slots: readonly NewSlot[], ordered: boolean): InsertOutcome[] {
    let stopped = false;
    return slots.map((document) => {
      if (stopped) return { kind: 'notAttempted' };
      const slot = storedForm(document);
      const taken = this.slots.some(
        (other) =>
          other.roomId === slot.roomId &&
          (other.messageId === slot.messageId ||
            (other.senderId === slot.senderId && other.clientMessageId === slot.clientMessageId)),
      );
      if (taken) {
        stopped = ordered;
        return { kind: 'taken' };
      }
      this.slots.push({ ...slot, _id: new ObjectId(slot._id.toHexString()) });
      return { kind: 'committed' };
    });
  }
}
