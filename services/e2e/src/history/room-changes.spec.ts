import { describe, expect, it } from 'vitest';
import type { AnomalyName } from './anomaly.js';
import type { FinalRoom } from './final-room.js';
import type { RoomChanged, RoomField } from './observation.js';
import { type RoomAnomalyName, RoomChanges } from './room-changes.js';

interface Story {
  readonly changes: readonly RoomChanged[];
  readonly room: FinalRoom;
}

/** Owned by Ann, with Bob in it; made so, and nothing has happened since. */
const untouched: FinalRoom = {
  roomId: 'r',
  roomType: 'group',
  name: 'Lunch',
  joinRule: 'invite',
  historyVisibility: 'shared',
  rev: 0,
  participants: new Map([
    ['ann', 'owner'],
    ['bob', 'participant'],
  ]),
  events: [],
};

/** A change that took from `startedAt` to two milliseconds later. */
function changed(
  field: RoomField,
  value: string,
  startedAt: number,
  outcome: RoomChanged['outcome'] = 'done',
): RoomChanged {
  return { kind: 'changed', roomId: 'r', field, value, startedAt, at: startedAt + 2, outcome };
}

function check({ changes, room }: Story): AnomalyName[] {
  const all = new RoomChanges();
  for (const change of changes) all.take(change);
  return [...new Set(all.compare([room]).map(({ name }) => name))].toSorted();
}

/** A quiet room in which these changes were acknowledged, and which then is as told. */
function changes(room: Partial<FinalRoom>, ...asked: readonly RoomChanged[]): Story {
  return { changes: asked, room: { ...untouched, ...room } };
}

const named = (rev: number, name: string) => ({ rev, kind: 'updated', name }) as const;

/** One planted fault each: the story, and what it has to be called. */
const planted: Record<
  RoomAnomalyName,
  readonly (readonly [what: string, story: Story, others?: readonly AnomalyName[]])[]
> = {
  notOneOwner: [
    ['nobody owns it', changes({ participants: new Map([['bob', 'admin']]) })],
    [
      'two own it',
      changes({
        participants: new Map([
          ['ann', 'owner'],
          ['bob', 'owner'],
        ]),
      }),
    ],
  ],
  overLimit: [
    [
      'it has one participant too many',
      changes({
        participants: new Map([
          ['ann', 'owner'],
          ...Array.from({ length: 1_000 }, (_, index) => [`user-${index}`, 'participant'] as const),
        ]),
      }),
    ],
  ],
  lostChange: [
    [
      'of two changes at once one is undone by the other',
      changes(
        { name: 'Dinner', rev: 2, events: [{ rev: 1, kind: 'updated', joinRule: 'open' }, named(2, 'Dinner')] },
        changed('joinRule', 'open', 10),
        changed('name', 'Dinner', 11),
      ),
      ['eventsDisagree'],
    ],
    [
      'the older of two names stands',
      changes({ name: 'Tea' }, changed('name', 'Tea', 10), changed('name', 'Dinner', 20)),
    ],
    ['somebody who was added is not there', changes({}, changed('place of cyd', 'in', 10))],
    [
      'somebody who was removed is there, though the adding before it was not sure',
      changes({}, changed('place of bob', 'in', 10, 'may'), changed('place of bob', 'out', 20)),
    ],
    [
      'a role is gone that nobody took away',
      changes({}, changed('role of bob', 'admin', 10), changed('role of bob', 'participant', 0, 'may')),
    ],
    [
      'what may have happened late was half a minute too late',
      changes({ name: 'Tea' }, changed('name', 'Tea', 10, 'unknown'), changed('name', 'Dinner', 30_013)),
    ],
  ],
  eventGap: [
    ['an event is missing', changes({ rev: 2, name: 'B', events: [named(1, 'A'), named(3, 'B')] })],
    ['the room stands beyond its events', changes({ rev: 2, name: 'A', events: [named(1, 'A')] })],
    ['the room stands before its newest event', changes({ rev: 0, name: 'A', events: [named(1, 'A')] })],
  ],
  eventsDisagree: [
    ['the last event names another name', changes({ rev: 1, events: [named(1, 'Tea')] })],
    [
      'the last event of a user says that they left',
      changes({ rev: 1, events: [{ rev: 1, kind: 'left', userId: 'bob' }] }),
    ],
    [
      'the last event of a user says another role',
      changes({ rev: 1, events: [{ rev: 1, kind: 'role', userId: 'bob', role: 'admin' }] }),
    ],
  ],
};

describe('a room that changes', () => {
  it.each<readonly [string, Story]>([
    [
      'may hold either of two changes at once',
      changes({ name: 'Tea' }, changed('name', 'Tea', 10), changed('name', 'Dinner', 11)),
    ],
    [
      'may hold what nobody knows, for half a minute',
      changes({ name: 'Tea' }, changed('name', 'Tea', 10, 'unknown'), changed('name', 'Dinner', 30_012)),
    ],
    ['may lack what nobody knows', changes({}, changed('name', 'Tea', 10, 'unknown'))],
    [
      'may make an owner of somebody who was given another role',
      changes({ participants: new Map([['bob', 'owner']]) }, changed('role of bob', 'admin', 10)),
    ],
    ['needs no owner when nobody is there', changes({ participants: new Map() })],
    ['needs no owner when it is a 1v1', changes({ roomType: '1v1', participants: new Map([['bob', 'participant']]) })],
  ])('%s', (_, story) => {
    expect(check(story)).toEqual([]);
  });
});

it('names a room over the limit as soon as an answer shows it', () => {
  const sized = { kind: 'sized', at: 1, roomId: 'r' } as const;
  expect(new RoomChanges().size({ ...sized, participants: 1_000 })).toEqual([]);
  expect(new RoomChanges().size({ ...sized, participants: 1_001 })).toMatchObject([{ name: 'overLimit' }]);
});

describe.each(Object.keys(planted) as RoomAnomalyName[])('the anomaly "%s"', (name) => {
  const cases = planted[name].map(([what, story, others = []]) => ({
    what,
    story,
    names: [name, ...others].toSorted(),
  }));
  it.each(cases)('is found when $what', ({ story, names }) => {
    expect(check(story)).toEqual(names);
  });
});
