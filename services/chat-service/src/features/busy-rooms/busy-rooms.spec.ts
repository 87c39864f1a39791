import { expect, it } from 'vitest';
import { BusyRooms } from './busy-rooms.js';

it('lists the busiest rooms of the last minute, and forgets what is older', () => {
  let now = 120_000;
  const busy = new BusyRooms(() => now);
  busy.committed('a', 2);
  busy.committed('b', 3);
  now = 135_000;
  busy.committed('a', 2);
  expect(busy.top(2)).toEqual({
    seconds: 55,
    messages: 7,
    rooms: [
      { roomId: 'a', messages: 4 },
      { roomId: 'b', messages: 3 },
    ],
    error: 0,
  });
  expect(busy.top(1)).toMatchObject({ rooms: [{ roomId: 'a' }], error: 3 });
  now = 180_000;
  expect(busy.top(2)).toMatchObject({ seconds: 50, messages: 2, rooms: [{ roomId: 'a', messages: 2 }] });
  now = 600_000;
  expect(busy.top(2)).toEqual({ seconds: 50, messages: 0, rooms: [], error: 0 });
});

it('goes on where the clock was put back', () => {
  let now = 600_000;
  const busy = new BusyRooms(() => now);
  busy.committed('a', 1);
  now = 300_000;
  busy.committed('b', 1);
  expect(busy.top(5).rooms.map(({ roomId }) => roomId)).toContain('b');
});
