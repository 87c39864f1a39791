import { expect, it } from 'vitest';
import { mergeBusyRooms } from './merge-busy-rooms.js';

const answer = (pod: string, counts: Record<string, number>, error = 0) => ({
  pod,
  seconds: 50,
  messages: Object.values(counts).reduce((sum, count) => sum + count, 0),
  error,
  rooms: Object.entries(counts).map(([roomId, messages]) => ({ roomId, messages })),
});

it('adds up what pods have of a room, and lists those with most', () => {
  const answers = [answer('one', { a: 50, b: 30 }, 1), answer('two', { b: 40, c: 5 }, 2)];
  expect(mergeBusyRooms(answers, 2)).toEqual({
    pods: 2,
    messages: 125,
    error: 8,
    rooms: [
      { roomId: 'b', messages: 70, perSecond: 1.4 },
      { roomId: 'a', messages: 50, perSecond: 1 },
    ],
  });
});

it('counts a pod once that has answered twice, in the place of one that was stopping', () => {
  expect(mergeBusyRooms([answer('one', { a: 50 }), answer('one', { a: 50 })], 5)).toMatchObject({
    pods: 1,
    messages: 50,
    error: 0,
  });
});
