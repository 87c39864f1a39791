import { expect, it } from 'vitest';
import { HeadRepeater } from './head-repeater.js';

const change = (head: number, epoch = 1) => ({ head, rev: 0, memberRev: 1, epoch });

/** Which seconds of the next twenty tell a room's head, with a change at each of `changes`. */
function told(changes: readonly number[]): number[] {
  const rooms = new HeadRepeater();
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

it('names all rooms that changed lately, told or not, and leaves them due', () => {
  const rooms = new HeadRepeater();
  rooms.changed('told', change(1), 0);
  expect(rooms.due(1_000)).toHaveLength(1);
  rooms.changed('new', change(2), 1_000);
  expect(rooms.recent()).toEqual([
    ['told', change(1)],
    ['new', change(2)],
  ]);
  expect(rooms.due(2_000)).toHaveLength(2);
});

it('tells the newest head, even when an older one is reported after it', () => {
  const rooms = new HeadRepeater();
  rooms.changed('room', change(1), 0);
  rooms.changed('room', change(2), 500);
  rooms.changed('room', change(1), 500);
  expect(rooms.due(1_500)).toEqual([['room', change(2)]]);
});

it('tells what the newest epoch of a log says, however low its head is, and nothing of one before', () => {
  const rooms = new HeadRepeater();
  rooms.changed('room', change(10), 0);
  rooms.changed('room', change(6, 2), 100);
  rooms.changed('room', change(11), 200);
  expect(rooms.due(1_500)).toEqual([['room', change(6, 2)]]);
});
