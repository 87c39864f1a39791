import { describe, expect, it } from 'vitest';
import { repeatMs, ToldTyping } from './told-typing.js';

describe('ToldTyping', () => {
  it('knows what was told a moment ago, of this user in this room', () => {
    let now = 0;
    const told = new ToldTyping(() => now);
    expect(told.knows('ann', 'r', true)).toBe(false);
    told.note('ann', 'r', true);
    now = repeatMs - 1;
    expect(told.knows('ann', 'r', true)).toBe(true);
    expect([told.knows('ann', 'r', false), told.knows('ann', 'q', true), told.knows('ben', 'r', true)]).toEqual([
      false,
      false,
      false,
    ]);
  });

  it('lets it be told again after a while, and at once when it changes', () => {
    let now = 0;
    const told = new ToldTyping(() => now);
    told.note('ann', 'r', true);
    told.note('ann', 'r', false);
    expect(told.knows('ann', 'r', true)).toBe(false);
    now = repeatMs;
    expect(told.knows('ann', 'r', false)).toBe(false);
  });
});
