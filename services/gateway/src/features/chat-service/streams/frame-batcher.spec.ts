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
      spacing: { leastMs: 2, mostMs: 10, quietPerSecond: 300, busyPerSecond: 1_000, enoughItems: 50 },
      maxItems: 4,
      maxBytes: 100,
      now: () => performance.now(),
    });
  });
  afterEach(() => vi.useRealTimers());

  it('writes an item at once when nothing was written for a while', () => {
    batcher.add(1, 1);
    vi.advanceTimersByTime(10);
    batcher.add(2, 1);
    expect(frames).toEqual([[1], [2]]);
  });

  it('collects what follows within the spacing into one frame, in order', () => {
    for (const item of [1, 2, 3]) batcher.add(item, 1);
    expect(frames).toEqual([[1]]);
    vi.advanceTimersByTime(2);
    expect(frames).toEqual([[1], [2, 3]]);
  });

  it('does not wait for the spacing once a frame is full', () => {
    for (const item of [1, 2, 3, 4, 5, 6]) batcher.add(item, 1);
    expect(frames).toEqual([[1], [2, 3, 4, 5]]);
    vi.advanceTimersByTime(2);
    expect(frames).toEqual([[1], [2, 3, 4, 5], [6]]);
  });

  it('is full by its bytes too, which only a single item may exceed', () => {
    batcher.add(1, 1);
    for (const [item, bytes] of [
      [2, 60],
      [3, 40],
      [4, 99],
      [5, 2],
      [6, 500],
      [7, 1],
    ] as const)
      batcher.add(item, bytes);
    expect(frames).toEqual([[1], [2, 3], [4], [5], [6]]);
    vi.advanceTimersByTime(2);
    expect(frames.at(-1)).toEqual([7]);
  });

  it('waits longer the more comes, and no longer when it is quiet again', () => {
    const sent = (count: number, everyMs: number) => {
      for (let index = 0; index < count; index++) {
        batcher.add(index, 1);
        vi.advanceTimersByTime(everyMs);
      }
    };
    batcher = new FrameBatcher({ ...batcher['options'], maxItems: 100 });
    sent(40, 5);
    expect(frames).toHaveLength(40);
    sent(400, 1);
    frames = [];
    sent(100, 1);
    expect(frames.length).toBeLessThanOrEqual(11);
    vi.advanceTimersByTime(1_000);
    frames = [];
    sent(10, 5);
    expect(frames).toHaveLength(10);
  });

  it('waits the less the more comes, where less holds enough', () => {
    batcher = new FrameBatcher({ ...batcher['options'], maxItems: 100 });
    for (let ms = 0; ms < 400; ms++) {
      for (let item = 0; item < 10; item++) batcher.add(item, 0);
      vi.advanceTimersByTime(1);
    }
    expect(frames.at(-1)).toHaveLength(50);
  });

  it('never writes what was cleared', () => {
    batcher.add(1, 1);
    batcher.add(2, 1);
    batcher.clear();
    vi.advanceTimersByTime(10);
    expect(frames).toEqual([[1]]);
  });
});
