import { expect, it } from 'vitest';
import { SilentRooms } from './silent-rooms.js';

const change = (head: number) => ({ head, rev: 0, memberRev: 1 });

/** Which seconds of the next twenty tell a room's head, with a change at each of `changes`. */
function told(changes: readonly number[]): number[] {
  const rooms = new SilentRooms();
  const seconds: number[] = [];
  for (let second = 0; second <= 20; second++) {
    if (rooms.due(second * 1_000).length > 0) seconds.push(second);
    if (changes.includes(second)) rooms.changed('room', change(second), second * 1_000);
  }
  return seconds;
}

it('tells the head of a silent room four times within ten seconds, then no more', () => {
  expect(told([0])).toEqual([1, 2, 3, 9]);
});

it('starts anew with every change', () => {
  expect(told([0, 2])).toEqual([1, 2, 3, 4, 5, 11]);
});

it('tells the newest head, even when an older one is reported after it', () => {
  const rooms = new SilentRooms();
  rooms.changed('room', change(1), 0);
  rooms.changed('room', change(2), 500);
  rooms.changed('room', change(1), 500);
  expect(rooms.due(1_500)).toEqual([['room', change(2)]]);
});
