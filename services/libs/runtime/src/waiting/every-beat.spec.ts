import { afterEach, beforeEach, expect, it, vi } from 'vitest';

let { atBeat, beatMs, everyBeat } = await import('./every-beat.js');

// With a beat of its own: what other tests of this process have left at theirs would be seen here.
beforeEach(async () => {
  vi.useFakeTimers();
  vi.resetModules();
  ({ atBeat, beatMs, everyBeat } = await import('./every-beat.js'));
});
afterEach(() => void vi.useRealTimers());

it('calls all tasks at the same moments, each as often as it asks for, and none that was ended', () => {
  const times: Record<string, number[]> = { often: [], seldom: [], ended: [] };
  const startedAt = performance.now();
  const note = (name: string) => () => void times[name]?.push(performance.now() - startedAt);
  const ends = [everyBeat(500, note('often'))];
  vi.advanceTimersByTime(120);
  ends.push(everyBeat(900, note('seldom')));
  everyBeat(500, note('ended'))();
  vi.advanceTimersByTime(1_900);
  for (const end of ends) end();
  vi.advanceTimersByTime(5_000);
  expect(times).toEqual({ often: [500, 1_000, 1_500, 2_000], seldom: [1_000, 2_000], ended: [] });
  expect(vi.getTimerCount()).toBe(0);
});

it('takes its own timer below a beat', () => {
  const task = vi.fn();
  const end = everyBeat(20, task);
  vi.advanceTimersByTime(100);
  end();
  vi.advanceTimersByTime(100);
  expect(task).toHaveBeenCalledTimes(5);
});

it('calls once', () => {
  const task = vi.fn();
  atBeat(beatMs, task);
  atBeat(beatMs, () => task('called off'))();
  vi.advanceTimersByTime(5 * beatMs);
  expect(task.mock.calls).toEqual([[]]);
});
