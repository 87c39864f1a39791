import { describe, expect, it } from 'vitest';
import { someMessage, someState } from '../../test/fakes/room-states.js';
import { reduceRoom } from '../rooms/state/reduce-room.js';
import { namedReaders } from '../rooms/state/room-marks.js';
import type { RoomState } from '../rooms/state/room-state.js';
import { type ComebackFacts, roomsToResume } from './comeback.js';
import { cursorWithReceipts, hasMoved, nextLook, resumeRequest } from './resume-request.js';

describe('what a room is resumed from', () => {
  it('is its cursor, or the message before the oldest own one that not everybody has read', () => {
    const states = new Map([['r', withOwn(3, 5)]]);
    const store = { state: (roomId: string) => states.get(roomId) };
    const ask = (reason: 'lacking' | 'continuing' | 'reconnected') => resumeRequest(new Map([['r', reason]]), store);
    expect(ask('continuing')).toEqual({ rooms: { r: { id: 5, rev: 7, epoch: 1 } } });
    expect(ask('lacking')).toEqual({ rooms: { r: { id: 5, rev: 7, epoch: 1 } } });
    expect(ask('reconnected')).toEqual({ rooms: { r: { id: 2, rev: 7, epoch: 1 } } });
    expect(resumeRequest(new Map([['gone', 'lacking']]), store)).toEqual({ rooms: {} });
  });

  it('looks 50 messages back, at those that are not read', () => {
    expect(cursorWithReceipts(withOwn(1, 50))).toBe(0);
    expect(cursorWithReceipts(withOwn(1, 51))).toBe(51);
    expect(cursorWithReceipts(withOwn(4, 5), 1)).toBe(5);
    expect(cursorWithReceipts(withOwn(5, 5), 1)).toBe(4);
    const read = reduceRoom(withOwn(3, 5), { kind: 'marks', marks: [{ userId: 'ann', read: 5 }] });
    expect(cursorWithReceipts(reduceRoom(read, { kind: 'marks', marks: [{ userId: 'bob', read: 5 }] }))).toBe(5);
  });

  it('is the cursor in a room of too many to name', () => {
    const state = withOwn(3, 5);
    const crowded = (participantCount: number) => ({ ...state, room: { ...state.room, participantCount } });
    expect([namedReaders, namedReaders + 1].map((count) => cursorWithReceipts(crowded(count)))).toEqual([2, 5]);
  });
});

describe('after an answer a room', () => {
  const whole = withOwn(3, 5);
  const lacking = reduceRoom(whole, { kind: 'position', head: 6, rev: 0, epoch: 1 });
  const answer = { isTruncated: false, hasMore: false, hasMoved: true };

  it('is resumed at once while the answer is not all and something moves', () => {
    const now = { when: 'now', reason: 'continuing' };
    expect(nextLook(whole, { ...answer, hasMore: true })).toEqual(now);
    expect(nextLook(whole, { ...answer, isTruncated: true })).toEqual(now);
    expect(nextLook(whole, { ...answer, hasMore: true }, 'reconnected')).toEqual({ ...now, reason: 'reconnected' });
    expect(nextLook(whole, { ...answer, hasMore: true, hasMoved: false })).toEqual({ ...now, when: 'later' });
  });

  it('is looked at later when it lacks something all the same, and left alone when it is whole', () => {
    expect(nextLook(lacking, answer)).toEqual({ when: 'later', reason: 'lacking' });
    expect(nextLook(whole, answer)).toBeUndefined();
  });

  it('has moved by a message, an event, or because its receipts were asked for', () => {
    expect(hasMoved(whole, whole, 'continuing')).toBe(false);
    expect(hasMoved(whole, whole, 'reconnected')).toBe(true);
    expect(hasMoved(whole, { ...whole, cursor: 6 }, 'lacking')).toBe(true);
    expect(hasMoved(whole, { ...whole, room: { ...whole.room, rev: 8 } }, 'lacking')).toBe(true);
  });
});

describe('rooms to resume when a connection stands', () => {
  const how: ComebackFacts = { isComplete: true, isOpen: () => false };
  const named = (id: string, more = {}) => ({ roomId: id, head: 5, rev: 7, ...more });
  const resumed = (state: RoomState, rooms: readonly object[], facts = how) =>
    roomsToResume([state], { rooms } as never, facts);
  const quiet = withOwn(4, 5);
  const unread = withOwn(5, 5);

  it('are those that lack something, or of which the server knows less', () => {
    expect(resumed(quiet, [named('r')])).toEqual([]);
    const lacking = reduceRoom(quiet, { kind: 'position', head: 6, rev: 7, epoch: 1 });
    expect(resumed(lacking, [named('r', { head: 6 })])).toEqual(['r']);
    expect(resumed(quiet, [named('r', { head: 4 })])).toEqual(['r']);
    expect(resumed(quiet, [named('r', { rev: 6 })])).toEqual(['r']);
  });

  it('are those that are not named though all are', () => {
    expect(resumed(quiet, [])).toEqual(['r']);
    expect(resumed(quiet, [], { ...how, isComplete: false })).toEqual([]);
  });

  it('are those that somebody looks at', () => {
    expect(resumed(quiet, [named('r')], { ...how, isOpen: (id) => id === 'r' })).toEqual(['r']);
  });

  it('are the five of latest activity whose newest message is an own one that is not read by all', () => {
    const states = Array.from({ length: 7 }, (_, index) => ({
      ...unread,
      room: { ...unread.room, roomId: `r${index}`, lastMessageAt: index },
    }));
    const rooms = states.map(({ room }) => named(room.roomId));
    expect(roomsToResume(states, { rooms } as never, how)).toEqual(['r6', 'r5', 'r4', 'r3', 'r2']);
  });
});

/** A room at event 7 with messages 1 to `last`, of which `own` is one's own. */
function withOwn(own: number, last: number): RoomState {
  const ids = Array.from({ length: last }, (_, index) => index + 1);
  const messages = ids.map((id) => someMessage(id, id === own ? { senderId: 'me' } : {}));
  return reduceRoom(someState({ rev: 7 }), { kind: 'messages', messages });
}
