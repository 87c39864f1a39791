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
