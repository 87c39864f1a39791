import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultSize, smokePlan, smokeRoom } from './smoke-plan.ts';

test('the defaults are 50 sockets of five VUs in one room, 500 messages', () => {
  const plan = smokePlan();
  expect(plan).toMatchObject({ vus: 5, rooms: 1, messagesPerSocket: 10, messages: 500, deadlineMs: 192_000 });
  expect(smokeRoom(plan, 0)).toEqual({ openers: 5, messages: 500 });
});

test('every socket has a seat, every room two people or more and an opener of each VU in it', () => {
  const sizes = fc
    .record({ rooms: fc.integer({ min: 1, max: 40 }), perRoom: fc.integer({ min: 2, max: 60 }), odd: fc.nat(39) })
    .map(({ rooms, perRoom, odd }) => ({
      ...defaultSize,
      rooms,
      sockets: rooms * perRoom + (odd % rooms),
      rate: 1_000,
    }));
  fc.assert(
    fc.property(sizes, (size) => {
      const plan = smokePlan(size);
      const inRoom = (room: number) => plan.seats.filter((seat) => seat.room === room);
      const rooms = Array.from({ length: size.rooms }, (_, room) => room);
      expect(plan.seats).toHaveLength(size.sockets);
      expect(Math.max(...plan.seats.map(({ vu }) => vu))).toBe(plan.vus - 1);
      for (const room of rooms) {
        expect(inRoom(room).length).toBeGreaterThan(1);
        expect(smokeRoom(plan, room).openers).toBe(new Set(inRoom(room).map(({ vu }) => vu)).size);
      }
      expect(rooms.reduce((sum, room) => sum + smokeRoom(plan, room).messages, 0)).toBe(plan.messages);
    }),
  );
});

test.each([
  [{ sockets: 0 }, 'SOCKETS has to be a number above 0'],
  [{ rate: Number.NaN }, 'RATE has to be a number above 0'],
  [{ rooms: 1.5 }, 'SOCKETS and ROOMS are whole numbers'],
  [{ rooms: 30 }, 'ROOMS=30 needs SOCKETS=60 or more'],
  [{ sockets: 2_001 }, 'SOCKETS=2001 needs ROOMS=3 or more'],
  [{ seconds: 1 }, 'DURATION=1 is too short for RATE=42: not every one of 50 sockets would talk'],
])('%j is refused by name', (wrong, fault) => {
  expect(() => smokePlan({ ...defaultSize, ...wrong })).toThrow(fault);
});
