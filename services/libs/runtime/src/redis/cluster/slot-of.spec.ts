import { describe, expect, it } from 'vitest';
import { slotOf } from './slot-of.js';

describe('slotOf', () => {
  it.each([
    // CRC16 of the specification's own check text is 0x31C3.
    ['123456789', 0x31c3 & 0x3fff],
    ['foo', 12_182],
    ['', 0],
    // Only the first tag counts, and an empty one does not.
    ['{foo}bar', 12_182],
    ['a{foo}{bar}', 12_182],
    ['foo{}{bar}', 8_363],
    ['foo{{bar}}zap', slotOf('{bar')],
    ['foo{bar', slotOf('foo{bar')],
  ])('of %j is %i', (key, slot) => {
    expect(slotOf(key)).toBe(slot);
  });
});
