import { describe, expect, test } from 'vitest';
import { makeSchedule } from './schedule.ts';

const load = { ratePerSecond: 400, seconds: 5, roomSizes: [3, 10], seed: 7 };

describe('the schedule of a load', () => {
  test('is evenly spaced, whatever becomes of the sends', () => {
    const schedule = makeSchedule(load);
    expect(schedule.count).toBe(2_000);
    expect([0, 1, 400, 1_999].map((index) => schedule.dueMs(index))).toEqual([0, 2.5, 1_000, 4_997.5]);
  });

  test('numbers the messages of each room from 0', () => {
    const { count, rooms, sequences, perRoom } = makeSchedule(load);
    const next = [0, 0];
    for (let index = 0; index < count; index++) {
      const room = rooms[index] ?? -1;
      expect(sequences[index]).toBe(next[room]);
      next[room] = (next[room] ?? 0) + 1;
    }
    expect([...perRoom]).toEqual(next);
  });

  test('lets every member of every room speak, and nobody else', () => {
    const { rooms, senders } = makeSchedule(load);
    const spoken = new Set(Array.from(rooms, (room, index) => `${room}.${senders[index]}`));
    expect(spoken.size).toBe(13);
  });

  test('is the same for the same seed, and another for another', () => {
    expect(makeSchedule(load).rooms).toEqual(makeSchedule(load).rooms);
    expect(makeSchedule({ ...load, seed: 8 }).rooms).not.toEqual(makeSchedule(load).rooms);
  });
});
