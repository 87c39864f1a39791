import fc from 'fast-check';
import { expect, test } from 'vitest';
import { roomPlan } from './room-plan.ts';

test('every room and every person is in the plan once, with two people or more in a room', () => {
  const sizes = fc
    .record({ ROOMS: fc.integer({ min: 1, max: 300 }), perRoom: fc.integer({ min: 2, max: 40 }), odd: fc.nat(299) })
    .map(({ ROOMS, perRoom, odd }) => ({ ROOMS, SOCKETS: ROOMS * perRoom + (odd % ROOMS) }));
  fc.assert(
    fc.property(sizes, (size) => {
      const { vus, roomsOf } = roomPlan(size);
      const shares = Array.from({ length: vus }, (_, vu) => roomsOf(vu));
      const rooms = shares.flat();
      expect(shares.every((share) => share.length > 0)).toBe(true);
      expect(rooms.map(({ number }) => number)).toEqual(Array.from({ length: size.ROOMS }, (_, number) => number));
      let person = 0;
      for (const room of rooms) {
        expect(room.firstPerson).toBe(person);
        expect(room.people).toBeGreaterThan(1);
        person += room.people;
      }
      expect(person).toBe(size.SOCKETS);
    }),
  );
});

test.each([
  [{ SOCKETS: 100, ROOMS: 1 }, 1],
  [{ SOCKETS: 100, ROOMS: 10 }, 5],
  [{ SOCKETS: 4_000, ROOMS: 400 }, 20],
])('%j takes %d VUs', (size, vus) => {
  expect(roomPlan(size).vus).toBe(vus);
});

test.each([
  [{ SOCKETS: 5, ROOMS: 3 }, 'ROOMS=3 needs SOCKETS=6 or more'],
  [{ SOCKETS: 2_001, ROOMS: 2 }, 'SOCKETS=2001 needs ROOMS=3 or more'],
])('%j is refused by name', (size, fault) => {
  expect(() => roomPlan(size)).toThrow(fault);
});
