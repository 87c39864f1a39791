import type { ChatMessage, ResumedRoom } from '@parlance/proto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FakeRoom } from '../../../test/fakes/fake-room.js';
import { reduceRoom } from './reduce-room.js';
import type { RoomChange } from './room-change.js';
import { lacksSomething, newRoomState, type RoomState } from './room-state.js';

/** What happens in the room: a message by somebody, or a change of it. */
const happening = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('me', 'ann', 'bob').map((by) => ({ kind: 'message', by }) as const) },
  // Several may come at once, and the hint may name only some of them.
  fc.record({
    kind: fc.constant('joined' as const),
    userIds: fc.subarray(['ann', 'bob', 'carl'], { minLength: 1 }),
    named: fc.integer({ min: 1, max: 3 }),
  }),
  fc.constantFrom('ann', 'bob', 'carl').map((userId) => ({ kind: 'left', userId }) as const),
  fc.constantFrom('A', 'B').map((name) => ({ kind: 'updated', name }) as const),
);

describe('reduceRoom', () => {
  it('ends in exactly the log, whatever live events are lost, doubled or late, once the room was pulled', () => {
    fc.assert(
      fc.property(
        fc.array(happening, { maxLength: 40 }),
        fc.array(fc.nat(), { maxLength: 80 }),
        fc.integer({ min: 1, max: 7 }),
        fc.array(fc.nat(100), { maxLength: 5 }),
        fc.integer({ min: 1, max: 6 }),
        (happenings, deliveries, pageItems, pullsAt, listed) => {
          const room = new FakeRoom('r', ['me', 'ann'], () => 5);
          room.pageItems = pageItems;
          room.listedParticipants = listed;
          let state = newRoomState('me', room.list('me'), 0, 0);
          let isCounted = true;
          const hints = happenings.flatMap((each): RoomChange[] => [
            happen(room, each, () => (isCounted = false)),
            { kind: 'described', room: room.describe('me') },
            { kind: 'described', room: room.list('me') },
          ]);
          const live = hints.length === 0 ? [] : deliveries.map((index) => hints[index % hints.length] as RoomChange);
          live.forEach((hint, index) => {
            const before = state;
            state = reduceRoom(state, hint);
            expectOrder(before, state);
            if (pullsAt.includes(index)) state = reduceRoom(state, pulled(room.resume('me', placeOf(state)))[0]);
          });
          state = pullAll(room, reduceRoom(state, { kind: 'position', head: room.head, rev: room.rev, epoch: 1 }));
          expect(state.messages.map(({ content }) => content)).toEqual(room.messages.map(({ content }) => content));
          expect(!isCounted || state.room.participantCount === room.participants.length).toBe(true);
          expect(room.participants).toEqual(expect.arrayContaining([...state.room.participants]));
          state = reduceRoom(state, { kind: 'described', room: room.describe('me') });
          expect(state.room.participants.toSorted()).toEqual(room.participants.toSorted());
          state = reduceRoom(state, { kind: 'described', room: room.list('me') });
          expect(state.room.participants.toSorted()).toEqual(room.participants.toSorted());
          expect(state.room.metadata).toEqual(room.metadata);
          expect(state.room.rev).toBe(room.rev);
          expect(state.held.size).toBe(0);
          expect(lacksSomething(state)).toBe(false);
        },
      ),
    );
  });

  it('ends in the log as far as it can be had, when a part of it is gone', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.nat(30), fc.array(fc.nat(30)), (count, gone, live) => {
        const room = new FakeRoom('r', ['me', 'ann'], () => 5);
        let state = newRoomState('me', room.describe('me'), 0, 0);
        for (let id = 1; id <= count; id++) room.append('ann', `${id}`, `c${id}`);
        room.firstAvailableId = Math.min(gone, count) + 1;
        for (const id of live) {
          const message = room.messages[id % count] as ChatMessage;
          state = reduceRoom(state, { kind: 'messages', messages: [message] });
        }
        state = pullAll(room, reduceRoom(state, { kind: 'position', head: room.head, rev: room.rev, epoch: 1 }));
        const [first] = state.messages;
        expect(state.cursor).toBe(count);
        expect(first?.messageId ?? count + 1).toBeLessThanOrEqual(room.firstAvailableId);
        expectGapless(state.messages);
      }),
    );
  });

  it('never lowers a mark or a status', () => {
    const mark = fc.record({
      userId: fc.constantFrom('ann', 'bob'),
      read: fc.integer({ min: 0, max: 6 }),
      delivered: fc.integer({ min: 0, max: 6 }),
    });
    const rank = { sent: 0, delivered: 1, read: 2 };
    fc.assert(
      fc.property(fc.array(mark), (marks) => {
        const room = new FakeRoom('r', ['me', 'ann', 'bob'], () => 5);
        for (let id = 1; id <= 5; id++) room.append('me', `${id}`, `c${id}`);
        let state = newRoomState('me', { ...room.describe('me'), head: 0 }, 0, 0);
        state = reduceRoom(state, { kind: 'messages', messages: room.messages });
        for (const each of marks) {
          const next = reduceRoom(state, { kind: 'marks', marks: [{ ...each }] });
          next.messages.forEach((message, index) => {
            const before = state.messages[index] as ChatMessage;
            expect(rank[message.status]).toBeGreaterThanOrEqual(rank[before.status]);
            expect(message.readBy.length).toBeGreaterThanOrEqual(before.readBy.length);
          });
          state = next;
        }
        const lowest = (kind: 'read'): number =>
          Math.min(...['ann', 'bob'].map((userId) => state.marks.get(userId)?.[kind] ?? 0));
        expect(state.messages.filter(({ status }) => status === 'read').length).toBe(Math.min(5, lowest('read')));
      }),
    );
  });
});

type Happening = typeof happening extends fc.Arbitrary<infer Value> ? Value : never;

/** Calls `repeated` when somebody joins who is in the room already, or leaves who is not. */
function happen(room: FakeRoom, each: Happening, repeated = () => {}): RoomChange {
  if (each.kind === 'message') {
    const message = room.append(each.by, `${room.head + 1}`, `${each.by}${room.head}`);
    return { kind: 'messages', messages: [message] };
  }
  if (each.kind === 'joined') {
    if (each.userIds.some((userId) => room.participants.includes(userId))) repeated();
    for (const userId of each.userIds) room.change({ kind: 'joined', userId });
    const { userIds, named } = each;
    return { kind: 'joined', userIds: userIds.slice(0, named), userCount: userIds.length, rev: room.rev };
  }
  if (each.kind === 'left' && !room.participants.includes(each.userId)) repeated();
  const { rev } = room.change(each);
  if (each.kind === 'updated') return { kind: 'updated', room: room.describe('ann') };
  return { kind: 'left', userId: each.userId, rev };
}

function pullAll(room: FakeRoom, start: RoomState): RoomState {
  let state = start;
  for (let calls = 0; lacksSomething(state); calls++) {
    expect(calls).toBeLessThan(100);
    for (const change of pulled(room.resume('me', placeOf(state)))) state = reduceRoom(state, change);
  }
  return state;
}

function placeOf({ cursor, room }: RoomState): { readonly id: number; readonly rev: number } {
  return { id: cursor, rev: room.rev };
}

function pulled(answer: ResumedRoom): readonly [RoomChange, ...RoomChange[]] {
  if ('error' in answer) throw new Error('a fake room has no errors');
  if ('wentBack' in answer) throw new Error('the room has not gone back');
  if ('truncated' in answer) return [{ kind: 'truncated', firstAvailableId: answer.firstAvailableId }];
  return [
    { kind: 'messages', messages: answer.messages },
    { kind: 'events', events: answer.events },
  ];
}

function expectOrder(before: RoomState, after: RoomState): void {
  expect(after.cursor).toBeGreaterThanOrEqual(before.cursor);
  expect(after.messages.slice(0, before.messages.length).map(({ messageId }) => messageId)).toEqual(
    before.messages.map(({ messageId }) => messageId),
  );
  expectGapless(after.messages);
}

function expectGapless(messages: readonly ChatMessage[]): void {
  messages.forEach(({ messageId }, index) => expect(messageId).toBe((messages[0]?.messageId ?? 0) + index));
}
