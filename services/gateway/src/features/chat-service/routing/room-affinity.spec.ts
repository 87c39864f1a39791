import { describe, expect, it } from 'vitest';
import { RoomAffinity } from './room-affinity.js';

describe('RoomAffinity', () => {
  it('holds a room as long as a call of it is in flight', () => {
    const affinity = new RoomAffinity<string>();
    affinity.begin('r', 'a');
    affinity.begin('r', 'a');
    affinity.end('r', 'a');
    expect(affinity.holderOf('r')).toBe('a');
    affinity.end('r', 'a');
    expect([affinity.holderOf('r'), affinity.size]).toEqual([undefined, 0]);
  });

  it('lets a room follow to a new holder only when its last call has left the old one', () => {
    const affinity = new RoomAffinity<string>();
    affinity.begin('r', 'old');
    affinity.begin('r', 'new');
    expect(affinity.holderOf('r')).toBe('old');
    affinity.end('r', 'old');
    expect([affinity.holderOf('r'), affinity.size]).toEqual(['new', 1]);
  });

  it('ignores the end of a call it does not know', () => {
    const affinity = new RoomAffinity<string>();
    affinity.end('r', 'a');
    affinity.begin('r', 'a');
    affinity.end('r', 'b');
    expect(affinity.holderOf('r')).toBe('a');
  });
});
