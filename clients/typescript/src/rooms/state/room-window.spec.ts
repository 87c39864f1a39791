import { describe, expect, it } from 'vitest';
import { someMessage, someState } from '../../../test/fakes/room-states.js';
import { reduceRoom } from './reduce-room.js';
import type { RoomState } from './room-state.js';
import { prependOlder, restartAt, takeMessages, trimWindow } from './room-window.js';

const messages = (...ids: number[]) => ids.map((id) => someMessage(id));
const shown = (state: RoomState) => state.messages.map(({ messageId }) => messageId);
const held = (state: RoomState) => [...state.held.keys()];

describe('messages that come', () => {
  it('are shown as far as they follow each other, and held beyond a gap', () => {
    const state = takeMessages(someState(), messages(4, 1, 2));
    expect([shown(state), held(state), state.cursor, state.room.head]).toEqual([[1, 2], [4], 2, 4]);
    const whole = takeMessages(state, messages(3));
    expect([shown(whole), held(whole), whole.cursor, whole.room.head]).toEqual([[1, 2, 3, 4], [], 4, 4]);
  });

  it('change nothing when they are known, but for their receipts', () => {
    const state = takeMessages(someState(), messages(1, 2, 5));
    expect(takeMessages(state, messages(1, 2, 5))).toBe(state);
    const read = takeMessages(state, [someMessage(1, { readBy: [{ userId: 'bob', readAt: 9 }] })]);
    expect([shown(read), read.messages === state.messages]).toEqual([[1, 2], true]);
    expect(read.marks.get('bob')).toEqual({ delivered: 1, read: 1, readAt: 9 });
  });

  it('leave what is shown alone when they are only held', () => {
    const before = takeMessages(someState(), messages(1));
    const after = takeMessages(before, messages(3));
    expect([after.messages === before.messages, after.cursor, after.room.lastMessageAt]).toEqual([true, 1, 1_000]);
  });

  it('move the time of the room and its head up only', () => {
    const state = takeMessages(someState({ head: 9, lastMessageAt: 5_000 }), messages(1));
    expect(state.room).toMatchObject({ head: 9, lastMessageAt: 5_000 });
    expect(takeMessages(state, messages(2, 3, 4, 5, 6)).room).toMatchObject({ head: 9, lastMessageAt: 6_000 });
  });

  it('end the typing of their senders only', () => {
    const typing = new Map([
      ['ann', 5],
      ['bob', 5],
    ]);
    const state = takeMessages({ ...someState(), typing }, messages(1));
    expect([...state.typing.keys()]).toEqual(['bob']);
  });

  it('are held up to 500, the lowest first, since a pull brings the rest again', () => {
    const high = Array.from({ length: 501 }, (_, index) => index + 502);
    const full = takeMessages(someState(), messages(...high.slice(0, 500)));
    expect(full.held.size).toBe(500);
    const state = takeMessages(full, messages(1_002, 501));
    expect(held(state)).toEqual(Array.from({ length: 500 }, (_, index) => index + 501));
    expect(state.room.head).toBe(1_002);
  });
});

describe('an older page', () => {
  const state = takeMessages(someState({}, 4), messages(5, 6));

  it('goes in front where it joins on', () => {
    const older = prependOlder(state, messages(2, 3, 4, 5), true);
    expect([shown(older), older.hasOlder]).toEqual([[2, 3, 4, 5, 6], true]);
    expect(prependOlder(older, messages(1), false)).toMatchObject({ hasOlder: false });
  });

  it('is not taken where a message is missing between, or within', () => {
    expect(prependOlder(state, messages(2, 3), true)).toBe(state);
    expect(prependOlder(state, messages(2, 4), true)).toBe(state);
  });

  it('says nothing when all of it is shown already, and is the last when it is empty', () => {
    expect(prependOlder(state, messages(5), false)).toBe(state);
    expect(prependOlder(state, [], false)).toMatchObject({ hasOlder: false });
  });

  it('joins on to an empty window at the cursor', () => {
    expect(shown(prependOlder(someState({}, 4), messages(3, 4), true))).toEqual([3, 4]);
    const gap = someState({}, 5);
    expect(prependOlder(gap, messages(3, 4), true)).toBe(gap);
  });

  it('brings its receipts', () => {
    const older = prependOlder(state, [someMessage(4, { deliveredTo: ['bob'] })], true);
    expect(older.marks.get('bob')).toMatchObject({ delivered: 4, read: 0 });
  });
});

describe('a window whose gap can never be closed', () => {
  const state = takeMessages(someState(), messages(1, 2, 5, 6, 9));

  it('begins anew at the first id that can be had, with what is held from there on', () => {
    const anew = restartAt(state, 5);
    expect([shown(anew), held(anew), anew.cursor, anew.hasOlder]).toEqual([[5, 6], [9], 6, false]);
    const later = restartAt(state, 6);
    expect([shown(later), held(later), later.cursor]).toEqual([[6], [9], 6]);
  });

  it('stays when it reaches so far already', () => {
    expect(restartAt(state, 3)).toBe(state);
    expect(restartAt(state, 2)).toBe(state);
    expect(shown(restartAt(state, 4))).toEqual([]);
  });
});

describe('a window that grows', () => {
  const state = takeMessages(someState(), messages(1, 2, 3));

  it('lets go of its beginning, which can be had again', () => {
    const trimmed = trimWindow(state, 2);
    expect([shown(trimmed), trimmed.hasOlder]).toEqual([[2, 3], true]);
    expect(trimWindow(state, 3)).toBe(state);
  });

  it('keeps it while somebody pages back', () => {
    const paged = reduceRoom(state, { kind: 'pagedBack', isPagedBack: true });
    expect(trimWindow(paged, 2)).toBe(paged);
    expect(reduceRoom(paged, { kind: 'pagedBack', isPagedBack: true })).toBe(paged);
    expect(shown(trimWindow(reduceRoom(paged, { kind: 'pagedBack', isPagedBack: false }), 2))).toEqual([2, 3]);
  });
});
