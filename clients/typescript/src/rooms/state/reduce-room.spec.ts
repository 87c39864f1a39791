import type { RoomEvent } from '@parlance/proto';
import { describe, expect, it } from 'vitest';
import { someMessage, someRoom, someState } from '../../../test/fakes/room-states.js';
import { reduceRoom } from './reduce-room.js';
import { lacksSomething, type RoomState } from './room-state.js';

const base = { by: 'ann', timestamp: 1 } as const;
const names = ({ room }: RoomState) => room.participants.join(' ');

describe('a place that is heard of', () => {
  it('only moves up, and tells that something is lacking', () => {
    const state = someState({ head: 2, rev: 1 }, 2);
    expect(lacksSomething(state)).toBe(false);
    expect(reduceRoom(state, { kind: 'position', head: 2, rev: 1, epoch: 1 })).toBe(state);
    const head = reduceRoom(state, { kind: 'position', head: 3, rev: 0, epoch: 1 });
    expect([head.room.head, head.knownRev, head.room.rev, lacksSomething(head)]).toEqual([3, 1, 1, true]);
    const rev = reduceRoom(state, { kind: 'position', head: 1, rev: 4, epoch: 1 });
    expect([rev.room === state.room, rev.knownRev, lacksSomething(rev)]).toEqual([true, 4, true]);
  });
});

describe('a log that begins anew', () => {
  const state = someState({ head: 2, rev: 1, epoch: 5 }, 2);
  const outdated = reduceRoom(state, { kind: 'position', head: 1, rev: 0, epoch: 6 });

  it('is noticed by whatever names its epoch, and changes nothing else of the room', () => {
    expect([outdated.knownEpoch, outdated.room, outdated.messages]).toEqual([6, state.room, state.messages]);
    expect(lacksSomething(outdated)).toBe(true);
    const described = reduceRoom(state, { kind: 'described', room: someRoom({ epoch: 6, rev: 9, head: 9 }) });
    expect([described.knownEpoch, described.room]).toEqual([6, state.room]);
    const update = { ...someRoom({ rev: 9, epoch: 6 }), metadata: { name: 'new' } };
    expect(reduceRoom(state, { kind: 'updated', room: update }).room).toBe(state.room);
  });

  it('makes whatever is said of an earlier one nothing', () => {
    expect(reduceRoom(state, { kind: 'position', head: 9, rev: 9, epoch: 4 })).toBe(state);
    expect(reduceRoom(state, { kind: 'described', room: someRoom({ epoch: 4, rev: 9, head: 9 }) })).toBe(state);
    expect(reduceRoom(state, { kind: 'updated', room: someRoom({ epoch: 4, rev: 9 }) })).toBe(state);
  });

  it('lets nothing of the log in that is still shown, but what is of none', () => {
    expect(reduceRoom(outdated, { kind: 'messages', messages: [someMessage(3)] })).toBe(outdated);
    expect(reduceRoom(outdated, { kind: 'marks', marks: [{ userId: 'ann', read: 2 }] })).toBe(outdated);
    expect(reduceRoom(outdated, { kind: 'position', head: 9, rev: 9, epoch: 5 })).toBe(outdated);
    expect(reduceRoom(outdated, { kind: 'typing', userId: 'ann', until: 9 })).not.toBe(outdated);
    expect(reduceRoom(outdated, { kind: 'pagedBack', isPagedBack: true }).isPagedBack).toBe(true);
  });
});

describe('a description', () => {
  it('replaces an older one, and one of the same events', () => {
    const state = someState({ rev: 2 });
    const room = someRoom({ rev: 2, metadata: { name: 'A' } });
    expect(reduceRoom(state, { kind: 'described', room }).room.metadata).toEqual({ name: 'A' });
    const old = reduceRoom(state, { kind: 'described', room: { ...room, rev: 1, head: 5 } });
    expect(old.room).toMatchObject({ metadata: {}, rev: 2, head: 5 });
    expect(old.knownRev).toBe(2);
  });

  it('takes neither the head back nor the time of the latest message', () => {
    const state = someState({ head: 9, lastMessageAt: 90 });
    const later = reduceRoom(state, { kind: 'described', room: someRoom({ rev: 1, head: 3, lastMessageAt: 30 }) });
    expect(later.room).toMatchObject({ rev: 1, head: 9, lastMessageAt: 90 });
    const newer = reduceRoom(state, { kind: 'described', room: someRoom({ head: 10, lastMessageAt: 100 }) });
    expect(newer.room).toMatchObject({ head: 10, lastMessageAt: 100 });
  });

  it('raises the own marks', () => {
    const room = someRoom({ deliveredUpTo: 5, readUpTo: 4 });
    expect(reduceRoom(someState(), { kind: 'described', room }).marks.get('me')).toEqual({ delivered: 5, read: 4 });
  });

  it('that names some of the participants is no news where all of them are known, unless it is later', () => {
    const some = someRoom({ participants: ['me'], participantCount: 3 });
    expect(names(reduceRoom(someState(), { kind: 'described', room: some }))).toBe('me ann bob');
    expect(names(reduceRoom(someState(), { kind: 'described', room: { ...some, rev: 1 } }))).toBe('me');
    const all = someRoom({ participants: ['me', 'bob', 'ann'] });
    expect(names(reduceRoom(someState(), { kind: 'described', room: all }))).toBe('me bob ann');
    const partly = someState({ participants: ['me', 'ann'], participantCount: 3 });
    expect(names(reduceRoom(partly, { kind: 'described', room: some }))).toBe('me');
  });
});

describe('room events', () => {
  const events: readonly RoomEvent[] = [
    { ...base, rev: 1, kind: 'joined', userId: 'cy', role: 'participant' },
    { ...base, rev: 2, kind: 'left', userId: 'bob' },
    { ...base, rev: 3, kind: 'role', userId: 'me', role: 'admin' },
    { ...base, rev: 4, kind: 'role', userId: 'ann', role: 'owner' },
    {
      ...base,
      rev: 5,
      kind: 'updated',
      metadata: { name: 'A' },
      joinRule: 'open',
      historyVisibility: 'joined',
    },
  ] as readonly RoomEvent[];

  it('are applied in order, each once', () => {
    const state = reduceRoom(someState(), { kind: 'events', events });
    expect(names(state)).toBe('me ann cy');
    expect(state.room).toMatchObject({
      rev: 5,
      role: 'admin',
      participantCount: 3,
      metadata: { name: 'A' },
      joinRule: 'open',
      historyVisibility: 'joined',
    });
    expect(state.knownRev).toBe(5);
    expect(reduceRoom(state, { kind: 'events', events })).toBe(state);
  });

  it('wait where one before them is missing, and do not take back what was heard of', () => {
    const heard = someState({ rev: 0 });
    expect(reduceRoom(heard, { kind: 'events', events: events.slice(1) })).toBe(heard);
    const ahead = reduceRoom(heard, { kind: 'position', head: 0, rev: 9, epoch: 1 });
    expect(reduceRoom(ahead, { kind: 'events', events: events.slice(0, 1) }).knownRev).toBe(9);
  });

  it('give the own role with which somebody joined, and no other', () => {
    const joined = (userId: string) =>
      ({ ...base, rev: 1, kind: 'joined', userId, role: 'admin' }) as unknown as RoomEvent;
    expect(reduceRoom(someState(), { kind: 'events', events: [joined('me')] }).room.role).toBe('admin');
    expect(reduceRoom(someState(), { kind: 'events', events: [joined('cy')] }).room.role).toBe('participant');
  });
});

describe('a hint that people came or went', () => {
  it('counts as applied when it is the next event', () => {
    const joined = reduceRoom(someState(), { kind: 'joined', userIds: ['cy', 'dan'], userCount: 2, rev: 2 });
    expect([names(joined), joined.room.rev, joined.knownRev]).toEqual(['me ann bob cy dan', 2, 2]);
    const left = reduceRoom(joined, { kind: 'left', userId: 'cy', rev: 3 });
    expect([names(left), left.room.rev, left.room.participantCount]).toEqual(['me ann bob dan', 3, 4]);
  });

  it('shows at once where events before it are missing, which are then pulled', () => {
    const state = reduceRoom(someState(), { kind: 'joined', userIds: ['cy'], userCount: 1, rev: 3 });
    expect([names(state), state.room.rev, state.knownRev, lacksSomething(state)]).toEqual([
      'me ann bob cy',
      0,
      3,
      true,
    ]);
  });

  it('does not count as applied when it names only some', () => {
    const state = reduceRoom(someState(), { kind: 'joined', userIds: ['cy'], userCount: 2, rev: 2 });
    expect([names(state), state.room.rev, state.knownRev]).toEqual(['me ann bob cy', 0, 2]);
  });

  it('is old when its event is applied, or a later one was told', () => {
    const state = reduceRoom(someState({ rev: 3 }), { kind: 'position', head: 0, rev: 5, epoch: 1 });
    expect(reduceRoom(state, { kind: 'left', userId: 'ann', rev: 3 })).toBe(state);
    expect(reduceRoom(state, { kind: 'left', userId: 'ann', rev: 4 })).toBe(state);
    expect(names(reduceRoom(state, { kind: 'left', userId: 'ann', rev: 5 }))).toBe('me bob');
  });

  it('may overlap with what is applied where all are named, and must not where only some are', () => {
    const hint = { kind: 'joined', userIds: ['bob', 'cy'], userCount: 2, rev: 4 } as const;
    const all = reduceRoom(someState({ rev: 3 }), hint);
    expect([names(all), all.room.rev, all.room.participantCount]).toEqual(['me ann bob cy', 4, 4]);
    const some = reduceRoom(someState({ rev: 3, participants: ['me', 'bob'], participantCount: 5 }), hint);
    expect([some.room.rev, some.room.participantCount, some.knownRev]).toEqual([3, 5, 4]);
    const next = reduceRoom(someState({ rev: 2, participants: ['me'], participantCount: 5 }), hint);
    expect([next.room.rev, next.room.participantCount]).toEqual([4, 7]);
  });

  it('counts down where somebody goes who is not named, only as the next event', () => {
    const some = { participants: ['me'], participantCount: 5 };
    expect(reduceRoom(someState(some), { kind: 'left', userId: 'zoe', rev: 1 }).room.participantCount).toBe(4);
    expect(reduceRoom(someState(some), { kind: 'left', userId: 'zoe', rev: 2 }).room.participantCount).toBe(5);
    const named = reduceRoom(someState({ participants: ['me', 'ann'], participantCount: 5 }), {
      kind: 'left',
      userId: 'ann',
      rev: 2,
    });
    expect([names(named), named.room.participantCount]).toEqual(['me', 5]);
    const all = reduceRoom(someState(), { kind: 'left', userId: 'zoe', rev: 1 });
    expect([names(all), all.room.participantCount, all.room.rev]).toEqual(['me ann bob', 3, 1]);
    const far = reduceRoom(someState(), { kind: 'left', userId: 'ann', rev: 7 });
    expect([names(far), far.room.participantCount]).toEqual(['me bob', 2]);
  });

  it('does not name somebody twice where only some are named', () => {
    const state = someState({ participants: ['me', 'ann'], participantCount: 5 });
    const again = reduceRoom(state, { kind: 'joined', userIds: ['ann'], userCount: 1, rev: 1 });
    expect([names(again), again.room.participantCount]).toEqual(['me ann', 5]);
  });
});

describe('a hint of a change', () => {
  const update = { roomId: 'r', metadata: { name: 'A' }, joinRule: 'open', historyVisibility: 'joined' } as const;

  it('shows at once and is pulled all the same', () => {
    const room = { ...update, head: 4, rev: 1 } as never;
    const state = reduceRoom(someState(), { kind: 'updated', room });
    expect(state.room).toMatchObject({
      metadata: { name: 'A' },
      joinRule: 'open',
      historyVisibility: 'joined',
      rev: 0,
      head: 4,
    });
    expect(state.knownRev).toBe(1);
  });

  it('is old when its event is applied, or a later one was told', () => {
    const applied = someState({ rev: 2 });
    expect(reduceRoom(applied, { kind: 'updated', room: { ...update, head: 0, rev: 2 } as never })).toBe(applied);
    const told = reduceRoom(applied, { kind: 'position', head: 0, rev: 5, epoch: 1 });
    expect(reduceRoom(told, { kind: 'updated', room: { ...update, head: 0, rev: 4 } as never })).toBe(told);
  });
});

describe('typing', () => {
  it('of others is shown until it is forgotten', () => {
    const state = someState();
    expect(reduceRoom(state, { kind: 'typing', userId: 'me', until: 5 })).toBe(state);
    expect(reduceRoom(state, { kind: 'typing', userId: 'ann', until: undefined })).toBe(state);
    const ann = reduceRoom(state, { kind: 'typing', userId: 'ann', until: 5 });
    const both = reduceRoom(ann, { kind: 'typing', userId: 'bob', until: 6 });
    expect([...both.typing]).toEqual([
      ['ann', 5],
      ['bob', 6],
    ]);
    expect(state.typing.size).toBe(0);
    expect(reduceRoom(both, { kind: 'typing', userId: 'bob', until: 6 })).toBe(both);
    expect(reduceRoom(both, { kind: 'timePassed', now: 4 })).toBe(both);
    expect([...reduceRoom(both, { kind: 'timePassed', now: 5 }).typing.keys()]).toEqual(['bob']);
    expect([...reduceRoom(both, { kind: 'typing', userId: 'ann', until: undefined }).typing.keys()]).toEqual(['bob']);
  });
});

describe('a room that was just loaded', () => {
  it('shows nothing, knows the own marks, and has older messages below its cursor', () => {
    expect(someState({ rev: 3, deliveredUpTo: 2, readUpTo: 1 }, 4)).toMatchObject({
      knownRev: 3,
      messages: [],
      cursor: 4,
      hasOlder: true,
      isPagedBack: false,
      oldUpTo: 4,
      marks: new Map([['me', { delivered: 2, read: 1 }]]),
    });
    expect(someState().hasOlder).toBe(false);
    expect(reduceRoom(someState(), { kind: 'messages', messages: [someMessage(1)] }).cursor).toBe(1);
  });

  it('takes out what was erased, of what is shown and of what is held, and nothing else', () => {
    const withMetadata = someMessage(2, { metadata: { secret: 1 }, messageType: 'image' });
    const messages = [
      someMessage(1, { senderId: 'bob' }),
      withMetadata,
      someMessage(3),
      someMessage(5),
      someMessage(6),
    ];
    const before = reduceRoom(someState({}, 0), { kind: 'messages', messages });
    const event = { rev: 1, by: 'parlance:erasure', timestamp: 1, kind: 'erased', userId: 'ann', upToId: 5 } as const;
    const after = reduceRoom(before, { kind: 'events', events: [event] });
    expect(after.messages.map(({ content, erased }) => erased ?? content)).toEqual(['1', true, true]);
    expect(after.messages[1]).not.toHaveProperty('metadata');
    expect([...after.held.values()].map(({ content, erased }) => erased ?? content)).toEqual([true, '6']);
    expect(after.room.rev).toBe(1);
    const unknown = { ...event, rev: 2, kind: 'something later' };
    expect(reduceRoom(after, { kind: 'events', events: [unknown as never] }).room).toEqual({ ...after.room, rev: 2 });
  });
});
