import { describe, expect, it } from 'vitest';
import { drainDelays } from './drain-delays.js';

describe('drainDelays', () => {
  it('spreads connections evenly over the whole time', () => {
    expect(drainDelays(5, 1_000)).toEqual([0, 250, 500, 750, 1_000]);
  });

  it('lets a single connection go at once', () => {
    expect(drainDelays(1, 1_000)).toEqual([0]);
  });

  it('asks nothing of nobody', () => {
    expect(drainDelays(0, 1_000)).toEqual([]);
  });
});
