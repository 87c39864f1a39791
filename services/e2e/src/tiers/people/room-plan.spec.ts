import { expect, it } from 'vitest';
import { seededRandom } from '../../seeded-random.js';
import { planRooms } from './room-plan.js';

const year = { rooms: 300, messages: 200_000, months: 14 };
const plan = planRooms(year, seededRandom(1));
const sizeOf = ({ messages }: { messages: readonly number[] }) => messages.reduce((sum, size) => sum + size, 0);
const named = (kind: string) => plan.filter(({ name }) => name.startsWith(kind));

it('plans as many rooms and messages as are asked for, whatever the size', () => {
  for (const size of [year, { rooms: 60, messages: 1_500, months: 14 }, { rooms: 12, messages: 300, months: 5 }]) {
    for (const seed of [1, 2, 3]) {
      const rooms = planRooms(size, seededRandom(seed));
      expect(rooms).toHaveLength(size.rooms);
      expect(rooms.map(sizeOf).reduce((sum, room) => sum + room, 0)).toBe(size.messages);
      expect(rooms.flatMap(({ messages }) => messages).every((count) => count >= 0)).toBe(true);
    }
  }
});

it('plans rooms of tens of thousands, of one message and of none', () => {
  expect(named('giant').every((room) => sizeOf(room) > 10_000)).toBe(true);
  expect(named('one-message').map(sizeOf)).toEqual(named('one-message').map(() => 1));
  expect(named('empty').map(sizeOf)).toEqual(named('empty').map(() => 0));
  expect(named('one-message').length).toBeGreaterThan(20);
});

it('plans rooms that are silent for seven months and speak again', () => {
  const silent = named('long-silent');
  expect(silent.length).toBeGreaterThan(10);
  for (const { messages } of silent) {
    expect(messages.slice(1, 8)).toEqual([0, 0, 0, 0, 0, 0, 0]);
    expect(messages[0]).toBeGreaterThan(0);
    expect(messages[8]).toBeGreaterThan(0);
  }
});

it('plans the same year for the same seed, and another for another', () => {
  expect(planRooms(year, seededRandom(1))).toEqual(plan);
  expect(planRooms(year, seededRandom(2))).not.toEqual(plan);
});
