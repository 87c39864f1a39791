import { describe, expect, it } from 'vitest';
import { rendezvous } from './rendezvous.js';

const addresses = Array.from({ length: 5 }, (_, index) => `10.0.0.${index + 1}:4005`);
const rooms = Array.from({ length: 20_000 }, (_, index) => `room-${index}`);

describe('rendezvous', () => {
  it('gives every address nearly the same share of the rooms', () => {
    const shares = Map.groupBy(rooms, (room) => rendezvous(room, addresses));
    expect(new Set(shares.keys())).toEqual(new Set(addresses));
    for (const share of shares.values()) expect(share.length / rooms.length).toBeCloseTo(0.2, 1);
  });

  it('moves only the rooms of an address that goes away, and spreads them over the others', () => {
    const [gone, ...left] = addresses;
    const moved = rooms.filter((room) => rendezvous(room, addresses) !== rendezvous(room, left));
    expect(moved.every((room) => rendezvous(room, addresses) === gone)).toBe(true);
    expect(new Set(moved.map((room) => rendezvous(room, left))).size).toBe(left.length);
  });

  it('does not depend on the order of the addresses', () => {
    for (const room of rooms.slice(0, 500))
      expect(rendezvous(room, addresses.toReversed())).toBe(rendezvous(room, addresses));
  });

  it('settles equal weights by the smaller address', () => {
    const same = ['10.90.51.5:4005', '10.101.234.1:4005'];
    for (const room of rooms.slice(0, 20)) {
      expect(rendezvous(room, same)).toBe('10.101.234.1:4005');
      expect(rendezvous(room, same.toReversed())).toBe('10.101.234.1:4005');
    }
  });

  it('has no owner to name among no addresses', () => {
    expect(rendezvous('room', [])).toBeUndefined();
  });
});
