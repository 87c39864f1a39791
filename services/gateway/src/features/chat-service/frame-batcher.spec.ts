import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FrameBatcher } from './frame-batcher.js';

describe('FrameBatcher', () => {
  let frames: number[][];
  let batcher: FrameBatcher<number>;

  beforeEach(() => {
    vi.useFakeTimers();
    frames = [];
    batcher = new FrameBatcher({
      write: (items) => frames.push([...items]),
      spacingMs: 2,
      maxWeight: 4,
      now: () => performance.now(),
    });
  });
  afterEach(() => vi.useRealTimers());

  it('writes an item at once when nothing was written for a while', () => {
    batcher.add(1);
    vi.advanceTimersByTime(10);
    batcher.add(2);
    expect(frames).toEqual([[1], [2]]);
  });

  it('collects what follows within the spacing into one frame, in order', () => {
    for (const item of [1, 2, 3]) batcher.add(item);
    expect(frames).toEqual([[1]]);
    vi.advanceTimersByTime(2);
    expect(frames).toEqual([[1], [2, 3]]);
  });

  it('does not wait for the spacing once a frame is full', () => {
    for (const item of [1, 2, 3, 4, 5, 6]) batcher.add(item);
    expect(frames).toEqual([[1], [2, 3, 4, 5]]);
    vi.advanceTimersByTime(2);
    expect(frames).toEqual([[1], [2, 3, 4, 5], [6]]);
  });

  it('counts heavy items for more', () => {
    batcher.add(1);
    batcher.add(2, 3.5);
    batcher.add(3);
    expect(frames).toEqual([[1], [2, 3]]);
  });

  it('never writes what was cleared', () => {
    batcher.add(1);
    batcher.add(2);
    batcher.clear();
    vi.advanceTimersByTime(10);
    expect(frames).toEqual([[1]]);
  });
});
