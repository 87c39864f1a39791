import type { ChatMessage } from '@parlance/proto';
import { describe, expect, it } from 'vitest';
import { someMessage, someState } from '../../../test/fakes/room-states.js';
import { reduceRoom } from './reduce-room.js';
import { namedReaders, raiseMark, raiseMarksOf } from './room-marks.js';
import type { RoomState } from './room-state.js';

describe('a mark', () => {
  const state = raiseMark(someState(), 'ann', { delivered: 5, read: 3, readAt: 30 });

  it('rises and never falls', () => {
    expect(state.marks.get('ann')).toEqual({ delivered: 5, read: 3, readAt: 30 });
    expect(raiseMark(state, 'ann', { delivered: 4, read: 2, readAt: 90 })).toBe(state);
    expect(raiseMark(state, 'ann', { delivered: 6 }).marks.get('ann')).toEqual({ delivered: 6, read: 3, readAt: 30 });
    expect(raiseMark(state, 'ann', { read: 4, readAt: 40 }).marks.get('ann')).toEqual({
      delivered: 5,
      read: 4,
      readAt: 40,
    });
  });

  it('counts what was read as delivered', () => {
    expect(raiseMark(state, 'ann', { read: 9 }).marks.get('ann')).toEqual({ delivered: 9, read: 9 });
  });

  it('learns when something was read that it knew as read', () => {
    const timeless = raiseMark(someState(), 'ann', { read: 3 });
    expect(timeless.marks.get('ann')).toEqual({ delivered: 3, read: 3 });
    expect(raiseMark(timeless, 'ann', { read: 2, readAt: 20 })).toBe(timeless);
    expect(raiseMark(timeless, 'ann', { read: 3, readAt: 30 }).marks.get('ann')).toMatchObject({ readAt: 30 });
    expect(raiseMark(state, 'ann', { read: 3, readAt: 99 })).toBe(state);
  });

  it('is made of nothing by nothing', () => {
    const fresh = someState();
    expect(raiseMark(fresh, 'ann', {})).toBe(fresh);
    expect([...raiseMark(fresh, 'ann', { delivered: 1 }).marks.keys()]).toEqual(['me', 'ann']);
  });

  it('is raised by a message: of its sender, of whom it has reached and of its readers', () => {
    const readBy = [{ userId: 'cy', readAt: 70 }];
    const { marks } = raiseMarksOf(someState(), someMessage(4, { deliveredTo: ['bob'], readBy }));
    expect(marks.get('ann')).toEqual({ delivered: 4, read: 4, readAt: 4_000 });
    expect(marks.get('bob')).toEqual({ delivered: 4, read: 0 });
    expect(marks.get('cy')).toEqual({ delivered: 4, read: 4, readAt: 70 });
  });
});

it('a system message raises marks of its readers alone: its sender is nobody', () => {
  const said = someMessage(4, { senderId: 'system:crm', messageType: 'system', deliveredTo: ['bob'] });
  const { marks } = raiseMarksOf(someState(), said);
  expect(marks.has('system:crm')).toBe(false);
  expect(marks.get('bob')).toEqual({ delivered: 4, read: 0 });
});

describe('the receipts of own messages', () => {
  it.each<[string, [delivered: number, read: number], [delivered: number, read: number], Partial<ChatMessage>]>([
    ['are none at first', [0, 0], [0, 0], { status: 'sent', deliveredTo: [], readBy: [] }],
    ['name who has it', [2, 0], [0, 0], { status: 'sent', deliveredTo: ['ann'], readBy: [] }],
    ['name who has read it', [2, 2], [1, 1], { status: 'sent', deliveredTo: ['ann'], readBy: [reader('ann')] }],
    ['say delivered when all have it', [2, 2], [3, 1], { status: 'delivered', deliveredTo: ['ann', 'bob'] }],
    ['say read when all have read it', [2, 2], [3, 3], { status: 'read', readBy: [reader('ann'), reader('bob')] }],
  ])('%s', (_title, ann, bob, expected) => {
    let state = withOwn(someState(), 1, 2);
    for (const [userId, [delivered, read]] of [['ann', ann] as const, ['bob', bob] as const])
      state = reduceRoom(state, {
        kind: 'marks',
        marks: [{ userId, delivered, read, ...(read > 0 ? { readAt: 70 } : {}) }],
      });
    expect(state.messages[1]).toMatchObject(expected);
  });

  it('are the same objects where nothing changed', () => {
    const state = withOwn(someState(), 1, 2);
    const marked = reduceRoom(state, { kind: 'marks', marks: [{ userId: 'ann', delivered: 1 }] });
    expect(marked.messages[1]).toBe(state.messages[1]);
    expect(marked.messages[0]).not.toBe(state.messages[0]);
    const beyond = reduceRoom(marked, { kind: 'marks', marks: [{ userId: 'ann', readAt: 5, read: 0, delivered: 1 }] });
    expect(beyond.messages).toBe(marked.messages);
    const cleared = reduceRoom(marked, { kind: 'typing', userId: 'ann', until: 5 });
    expect(cleared.messages).toBe(marked.messages);
    const stranger = reduceRoom(marked, { kind: 'marks', marks: [{ userId: 'zoe', delivered: 9 }] });
    expect(stranger.messages).toBe(marked.messages);
  });

  it('of others are left as the server told them', () => {
    const state = reduceRoom(someState(), { kind: 'messages', messages: [someMessage(1)] });
    const read = reduceRoom(state, { kind: 'marks', marks: [{ userId: 'bob', read: 1, readAt: 5 }] });
    expect(read.messages[0]).toBe(state.messages[0]);
  });

  it('keep the time at which somebody has read that message, and do not know one where none was told', () => {
    let state = withOwn(someState(), 1, 2);
    state = reduceRoom(state, { kind: 'marks', marks: [{ userId: 'ann', read: 1, readAt: 10 }] });
    state = reduceRoom(state, { kind: 'marks', marks: [{ userId: 'ann', read: 2, readAt: 20 }] });
    expect(state.messages.map(({ readBy }) => readBy[0]?.readAt)).toEqual([10, 20]);
    state = reduceRoom(state, { kind: 'marks', marks: [{ userId: 'bob', read: 2 }] });
    expect(state.messages[1]?.readBy).toEqual([
      { userId: 'ann', readAt: 20 },
      { userId: 'bob', readAt: 0 },
    ]);
  });

  it('follow the people of the room, and a status never falls', () => {
    let state = withOwn(someState({ participants: ['me', 'ann', 'bob'] }), 1);
    state = reduceRoom(state, { kind: 'marks', marks: [{ userId: 'ann', read: 1, readAt: 10 }] });
    expect(state.messages[0]?.status).toBe('sent');
    state = reduceRoom(state, { kind: 'left', userId: 'bob', rev: 1 });
    expect(state.messages[0]?.status).toBe('read');
    state = reduceRoom(state, { kind: 'joined', userIds: ['cy'], userCount: 1, rev: 2 });
    expect(state.messages[0]?.status).toBe('read');
    const alone = withOwn(someState({ participants: ['me'] }), 1);
    expect(alone.messages[0]?.status).toBe('sent');
  });

  it('name whom it can where not all participants are named, and say no more than sent', () => {
    let state = withOwn(someState({ participants: ['me', 'ann'], participantCount: 3 }), 1);
    state = reduceRoom(state, { kind: 'marks', marks: [{ userId: 'ann', read: 1, readAt: 10 }] });
    state = reduceRoom(state, { kind: 'marks', marks: [{ userId: 'bob', read: 1, readAt: 10 }] });
    expect(state.messages[0]).toMatchObject({ status: 'sent', deliveredTo: ['ann', 'bob'] });
  });

  it('are numbers in a room of too many to name', () => {
    const participants = ['me', ...Array.from({ length: namedReaders }, (_, index) => `user-${index}`)];
    const named = withOwn(someState({ participants: participants.slice(1).with(0, 'me') }), 1);
    expect(
      reduceRoom(named, { kind: 'marks', marks: [{ userId: 'user-1', read: 1 }] }).messages[0]?.readBy.length,
    ).toBe(1);
    let state = withOwn(someState({ participants }), 1);
    expect(state.messages[0]).toMatchObject({ deliveredCount: 0, readCount: 0 });
    state = reduceRoom(state, { kind: 'marks', marks: [{ userId: 'user-1', read: 1, readAt: 10 }] });
    state = reduceRoom(state, { kind: 'marks', marks: [{ userId: 'user-2', delivered: 1 }] });
    expect(state.messages[0]).toMatchObject({
      status: 'sent',
      deliveredTo: [],
      readBy: [],
      deliveredCount: 2,
      readCount: 1,
    });
    const same = reduceRoom(state, { kind: 'marks', marks: [{ userId: 'user-1', delivered: 5 }] });
    expect(same.messages[0]).toBe(state.messages[0]);
    const more = reduceRoom(state, { kind: 'marks', marks: [{ userId: 'user-2', read: 1 }] });
    expect(more.messages[0]).toMatchObject({ deliveredCount: 2, readCount: 2 });
  });

  it.each(['deliveredCount', 'readCount'] as const)('stay numbers that were told as %s, and never fall', (count) => {
    const own = someMessage(1, { senderId: 'me', [count]: 7 });
    let state = reduceRoom(someState(), { kind: 'messages', messages: [own] });
    state = reduceRoom(state, { kind: 'marks', marks: [{ userId: 'ann', read: 1, readAt: 10 }] });
    expect(state.messages[0]).toMatchObject({ deliveredCount: 1, readCount: 1, [count]: 7, readBy: [] });
  });
});

function reader(userId: string) {
  return { userId, readAt: 70 };
}

function withOwn(state: RoomState, ...ids: number[]): RoomState {
  return reduceRoom(state, { kind: 'messages', messages: ids.map((id) => someMessage(id, { senderId: 'me' })) });
}
