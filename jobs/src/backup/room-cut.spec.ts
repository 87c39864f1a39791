import type { MonthYear, ParticipantDocument, RoomDocument } from '@parlance/storage';
import { Long, ObjectId } from 'mongodb';
import { expect, test } from 'vitest';
import { cutParticipant, headOf, type RoomPosition, roomCutOf, startOf, wantedAfter } from './room-cut.js';

const [september, october, november] = ['2026-09', '2026-10', '2026-11'] as MonthYear[] as [
  MonthYear,
  MonthYear,
  MonthYear,
];
const long = Long.fromNumber;
const room = (months: readonly [MonthYear, number][], more: Partial<RoomDocument> = {}): RoomDocument => ({
  _id: 'r',
  roomId: 'r',
  roomType: 'group',
  createdBy: 'ann',
  createdAt: new Date(0),
  metadata: {},
  joinRule: 'invite',
  historyVisibility: 'shared',
  memberRev: long(1),
  rev: long(7),
  segments: months.map(([monthYear, firstId]) => ({ monthYear, firstId: long(firstId), openedAt: new Date(0) })),
  ...more,
});
const at = (month: MonthYear, slot: number, isSealed = false): RoomPosition => ({ month, slot, isSealed, events: 0 });
const chain = roomCutOf(room([[september, 1], [october, 11], [november, 21]])); // biome-ignore format: a list of pairs

test.each<[string, RoomPosition | undefined, readonly (number | undefined)[]]>([
  ['nothing', undefined, [0, 10, 20]],
  ['the middle of its first month', at(september, 4), [4, 10, 20]],
  ['the seal of its first month', at(september, 11, true), [undefined, 10, 20]],
  ['the begin of its second month', at(october, 10), [undefined, 10, 20]],
  ['the middle of its last month', at(november, 25), [undefined, undefined, 25]],
])('from %s on, exactly what follows is wanted of each month', (_, before, wanted) => {
  expect([september, october, november].map((month) => wantedAfter(chain, before, month))).toEqual(wanted);
});

test('nothing is wanted of a month that the room had not begun when it was read', () => {
  expect(wantedAfter(roomCutOf(room([[september, 1]])), undefined, october)).toBeUndefined();
});

test('a room of which nothing is read stands where it stood, or at the begin of its last month', () => {
  expect(startOf(chain, at(november, 25))).toEqual({ month: november, slot: 25, isSealed: false, events: 7 });
  expect(startOf(chain, at(october, 21, true))).toEqual({ month: november, slot: 20, isSealed: false, events: 7 });
  expect(headOf(at(october, 21, true))).toBe(20);
  expect(headOf(at(october, 20))).toBe(20);
});

test('events that stand in the document are not taken from the collection too', () => {
  const unlogged = [6, 7].map((rev) => ({ rev: long(rev), kind: 'updated', by: 'ann', at: new Date(0) }) as const);
  expect(roomCutOf(room([[september, 1]], { unlogged })).events).toBe(5);
});

const row = (userId: string, more: Partial<ParticipantDocument> = {}): ParticipantDocument => ({
  _id: new ObjectId(),
  roomId: 'r',
  userId,
  joinedAt: new Date(1),
  leftAt: null,
  firstVisibleId: long(1),
  deliveredUpTo: long(12),
  readUpTo: long(9),
  ...more,
});

test('a row is cut to the head and to who was in the room', () => {
  const cutAt = new Date(99);
  const decided = { participants: ['ann'] };
  expect(cutParticipant(row('ann', { leftAt: new Date(5), countsFrom: long(14) }), decided, 10, cutAt)).toMatchObject({
    leftAt: null,
    deliveredUpTo: long(10),
    readUpTo: long(9),
    countsFrom: long(11),
  });
  expect(cutParticipant(row('bob'), decided, 10, cutAt)).toMatchObject({ leftAt: cutAt });
  expect(cutParticipant(row('bob', { leftAt: new Date(5) }), decided, 10, cutAt)).toMatchObject({
    leftAt: new Date(5),
  });
  expect(cutParticipant(row('bob'), {}, 10, cutAt)).toMatchObject({ leftAt: null });
});
