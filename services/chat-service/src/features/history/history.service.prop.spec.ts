import { answerBytes, limits, type RoomId, type UserId, type WireMessage, type wire } from '@parlance/proto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createChatMetrics } from '../../metrics.js';
import type { CallContext } from '../../requests/call-context.js';
import type { MarkReader } from '../receipts/mark-reader.js';
import type { MongoRoomEventStore, StoredRoomEvent } from '../rooms/mongo-room-event-store.js';
import type { RoomCache } from '../rooms/room-cache.js';
import type { StoredRoom } from '../rooms/stored-room.js';
import type { LogReader } from '../slots/log-reader.js';
import { toWireMessage } from '../slots/message.mapper.js';
import type { IdRange, StoredSlot } from '../slots/message-store.js';
import { HistoryService } from './history.service.js';
import { HistoryReader } from './history-reader.js';
import { SharedMessages } from './shared-messages.js';
import { VisiblePages } from './visible-pages.js';

/** A room in memory: the bytes of each message, of each event's description, and its readers. */
const room = fc.record({
  contents: fc.array(fc.constantFrom(1, 500, 4_000, limits.contentBytes), { maxLength: 60 }),
  descriptions: fc.array(fc.constantFrom(0, 10, limits.roomTextLength), { maxLength: 40 }),
  readers: fc.constantFrom(0, 1, 40, limits.namedReaders - 1),
  character: fc.constantFrom('x', '漢', '\u0001', '"'),
});
type Room = typeof room extends fc.Arbitrary<infer Value> ? Value : never;

const longId = (text: string): string => text.padEnd(128, '.');
const context: CallContext = { userId: longId('me') as UserId, traceId: '', deadlineAt: Number.POSITIVE_INFINITY };

function serviceOf(rooms: ReadonlyMap<string, Room>, read: (messages: number) => void = () => {}): HistoryService {
  const of = (roomId: string): Room => rooms.get(roomId) as Room;
  const slot = (roomId: string, messageId: number): StoredSlot => {
    const { contents, character } = of(roomId);
    const content = character.repeat((contents[messageId - 1] ?? 0) / Buffer.byteLength(character));
    return {
      kind: 'message',
      messageId,
      roomId,
      senderId: longId('ann'),
      content,
      timestamp: 1,
      monthYear: '2026-11',
      messageType: 'text',
      metadataJson: '',
      clientMessageId: longId('c'),
    } as unknown as StoredSlot;
  };
  const stored = (roomId: string) =>
    ({
      roomId,
      unlogged: [],
      floor: 1,
      erasures: [],
      segments: [],
      epoch: 0,
      memberRev: 1,
      rev: of(roomId).descriptions.length,
    }) as unknown as StoredRoom;
  const head = async (known: StoredRoom) => ({ room: known, head: of(known.roomId).contents.length, timestamp: 1 });
  const log = {
    head,
    ends: async (roomIds: readonly string[]) =>
      new Map(await Promise.all(roomIds.map(async (roomId) => [roomId, await head(stored(roomId))] as const))),
    range: async ({ roomId }: StoredRoom, { from, to }: IdRange) => {
      read(to - from + 1);
      return Array.from({ length: to - from + 1 }, (_, index) => slot(roomId, from + index));
    },
  };
  const roomCache = {
    requireParticipant: async (roomId: RoomId) => ({
      view: { room: stored(roomId), participants: { has: () => true } },
      participant: { firstVisibleId: 1 },
    }),
  };
  const marks = {
    ofRoom: async (roomId: RoomId) =>
      Array.from({ length: of(roomId).readers + 1 }, (_, index) => ({
        userId: index === 0 ? context.userId : longId(`reader${index}`),
        firstVisibleId: 1,
        deliveredUpTo: Number.MAX_SAFE_INTEGER,
        readUpTo: Number.MAX_SAFE_INTEGER,
        readAt: Number.MAX_SAFE_INTEGER,
      })),
  };
  const events = {
    after: async (roomId: RoomId, rev: number, limit: number) =>
      of(roomId)
        .descriptions.slice(rev, rev + limit)
        .map((length, index) => ({
          roomId,
          rev: rev + index + 1,
          kind: 'updated',
          by: longId('ann'),
          at: 1,
          metadata: { description: of(roomId).character.repeat(length), avatar: '\u0001'.repeat(length) },
        })) as unknown as StoredRoomEvent[],
  };
  const reader = new HistoryReader(
    log as unknown as LogReader,
    { atLeast: async (_seen, known) => head(known) },
    new SharedMessages(
      async (room, range, ahead, deadlineAt) =>
        (await (log as unknown as LogReader).range(room, range, deadlineAt, ahead)).map((slot) => toWireMessage(slot)),
      () => 0,
      () => undefined,
    ),
  );
  return new HistoryService(
    roomCache as unknown as RoomCache,
    new VisiblePages(
      roomCache as unknown as RoomCache,
      reader,
      marks as unknown as MarkReader,
      createChatMetrics('test'),
    ),
    events as unknown as MongoRoomEventStore,
    { hasHappened: async () => false },
  );
}

/** Bytes that an answer takes as JSON, at most. */
function bytesOf(rooms: readonly wire.ResumedRoom[]): number {
  let bytes = 0;
  for (const each of rooms) {
    bytes += answerBytes.ofResumedRoom(each);
    for (const message of each.messages) bytes += answerBytes.ofMessage(message);
    for (const event of each.events) bytes += answerBytes.ofRoomEvent(event);
  }
  return bytes;
}

describe('an answer of history', () => {
  it('stays below its limit, gets on with every call, and leaves no hole, whatever lies in the rooms', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(room, { minLength: 1, maxLength: 12 }), async (all) => {
        const rooms = new Map(all.map((each, index) => [longId(`room${index}`), each]));
        const service = serviceOf(rooms);
        const got = new Map([...rooms.keys()].map((roomId) => [roomId, { messages: 0, events: 0 }]));
        let left = [...rooms.keys()];
        for (let calls = 0; left.length > 0; calls++) {
          expect(calls).toBeLessThan(12 * 100);
          const cursors = left.map((roomId) => {
            const { messages: messageId = 0, events: rev = 0 } = got.get(roomId) ?? {};
            return { roomId, messageId, rev, epoch: 0 };
          });
          const answer = await service.resume(context, { rooms: cursors });
          expect(bytesOf(answer.rooms)).toBeLessThanOrEqual(answerBytes.ofPage);
          expect(answer.rooms.map(({ roomId }) => roomId)).toEqual(left);
          const before = JSON.stringify([...got.values()]);
          for (const { roomId, messages, events, rev } of answer.rooms) {
            const place = got.get(roomId) ?? { messages: 0, events: 0 };
            expect(messages.map(({ messageId }) => messageId)).toEqual(
              messages.map((_, at) => place.messages + at + 1),
            );
            expect(events.map((event) => event.rev)).toEqual(events.map((_, at) => place.events + at + 1));
            place.messages += messages.length;
            place.events += events.length;
            expect(rev).toBe(place.events);
          }
          left = answer.rooms.filter(({ hasMore }) => hasMore).map(({ roomId }) => roomId);
          expect(left.length < cursors.length || JSON.stringify([...got.values()]) !== before).toBe(true);
        }
        expect([...got.values()]).toEqual(
          all.map(({ contents, descriptions }) => ({ messages: contents.length, events: descriptions.length })),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('is a page that ends early, at the end that paging goes on from', async () => {
    await fc.assert(
      fc.asyncProperty(room, fc.integer({ min: 1, max: 200 }), fc.boolean(), async (each, limit, isBackwards) => {
        const service = serviceOf(new Map([['r', each]]));
        const seen: WireMessage[] = [];
        for (let more = true; more; ) {
          const position = isBackwards
            ? { beforeId: seen[0]?.messageId ?? each.contents.length + 1 }
            : { afterId: seen.at(-1)?.messageId ?? 0 };
          const page = await service.getMessageHistory(context, { roomId: 'r', limit, ...position });
          expect(page.messages.reduce((sum, message) => sum + answerBytes.ofMessage(message), 0)).toBeLessThanOrEqual(
            answerBytes.ofPage,
          );
          if (isBackwards) seen.unshift(...page.messages);
          else seen.push(...page.messages);
          more = page.hasMore;
          expect(page.messages.length > 0 || !more).toBe(true);
        }
        expect(seen.map(({ messageId }) => messageId)).toEqual(each.contents.map((_, index) => index + 1));
      }),
      { numRuns: 60 },
    );
  });

  it('reads little more of the log than it answers', async () => {
    let read = 0;
    const contents = Array.from({ length: 200 }, () => limits.contentBytes);
    const big: Room = { contents: contents, descriptions: [], readers: 0, character: '漢' };
    const rooms = new Map(Array.from({ length: 50 }, (_, index) => [`r${index}`, big]));
    const service = serviceOf(rooms, (messages) => {
      read += messages;
    });
    await service.resume(context, {
      rooms: [...rooms.keys()].map((roomId) => ({ roomId, messageId: 0, rev: 0, epoch: 0 })),
    });
    expect(read).toBeLessThanOrEqual(4 * 32);
  });
});
