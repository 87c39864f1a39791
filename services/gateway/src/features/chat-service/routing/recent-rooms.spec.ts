import { describe, expect, it } from 'vitest';
import { RecentRooms } from './recent-rooms.js';

describe('RecentRooms', () => {
  it('names the rooms of the last 10 s, however long the writing has gone on', () => {
    const recent = new RecentRooms<string>();
    for (let second = 0; second <= 60; second++) recent.note(`room-${second}`, 'a', second * 1_000);
    const named = recent.take('a', 60_000);
    for (let second = 51; second <= 60; second++) expect(named).toContain(`room-${second}`);
    expect(named).not.toContain('room-39');
  });

  it.each<[string, readonly (readonly [string, number])[], number, readonly string[]]>([
    [
      'of a span that goes on',
      [
        ['r', 0],
        ['s', 9_999],
      ],
      19_999,
      ['r', 's'],
    ],
    [
      'of the span before, for as long as this one lasts',
      [
        ['r', 0],
        ['s', 10_000],
      ],
      19_999,
      ['r', 's'],
    ],
    [
      'of this span alone when it is over',
      [
        ['r', 0],
        ['s', 10_000],
      ],
      20_000,
      ['s'],
    ],
    [
      'of the span before when it was over just now',
      [
        ['r', 0],
        ['s', 19_999],
      ],
      19_999,
      ['r', 's'],
    ],
    [
      'of this span alone after a pause',
      [
        ['r', 0],
        ['s', 20_000],
      ],
      20_000,
      ['s'],
    ],
    [
      'of two spans, and none of a third',
      [
        ['r', 0],
        ['s', 10_000],
        ['t', 20_000],
      ],
      20_000,
      ['s', 't'],
    ],
  ])('names the rooms %s', (_title, notes, now, rooms) => {
    const recent = new RecentRooms<string>();
    for (const [roomId, at] of notes) recent.note(roomId, 'a', at);
    expect([...recent.take('a', now)].toSorted()).toEqual(rooms);
  });

  it('keeps holders apart and forgets what it has named', () => {
    const recent = new RecentRooms<string>();
    recent.note('r', 'a', 0);
    expect([...recent.take('b', 1)]).toEqual([]);
    expect([...recent.take('a', 1)]).toEqual(['r']);
    expect([...recent.take('a', 1)]).toEqual([]);
  });

  it('names nothing after a long silence', () => {
    const recent = new RecentRooms<string>();
    recent.note('r', 'a', 0);
    expect([...recent.take('a', 20_000)]).toEqual([]);
  });
});
