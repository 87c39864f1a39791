import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ConcurrencyLimiter } from './concurrency-limiter.js';

const late = (): Error => new Error('too late');

describe('ConcurrencyLimiter', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('lets so many tasks run at a time, and the others in the order in which they came', async () => {
    const limiter = new ConcurrencyLimiter(2, late, Date.now);
    const begun: number[] = [];
    const tasks = Array.from({ length: 5 }, () => Promise.withResolvers<void>());
    const runs = tasks.map(({ promise }, index) => {
      return limiter.run(Date.now() + 1_000, () => {
        begun.push(index);
        return promise;
      });
    });
    await vi.advanceTimersByTimeAsync(1);
    expect(begun).toEqual([0, 1]);
    tasks[1]?.resolve();
    await vi.advanceTimersByTimeAsync(1);
    expect(begun).toEqual([0, 1, 2]);
    for (const task of tasks) task.resolve();
    await Promise.all(runs);
    expect(begun).toEqual([0, 1, 2, 3, 4]);
  });

  it('turns away at its deadline what has not begun, and goes on with the next', async () => {
    const limiter = new ConcurrencyLimiter(1, late, Date.now);
    const first = Promise.withResolvers<string>();
    const runs = [
      limiter.run(Date.now() + 10, () => first.promise),
      limiter.run(Date.now() + 100, async () => 'second'),
      limiter.run(Date.now() + 500, async () => 'third'),
    ];
    const outcomes = Promise.allSettled(runs);
    await vi.advanceTimersByTimeAsync(200);
    first.resolve('first');
    expect(await outcomes).toMatchObject([{ value: 'first' }, { reason: { message: 'too late' } }, { value: 'third' }]);
  });

  it('gives the turn of a task that failed to the next one', async () => {
    const limiter = new ConcurrencyLimiter(1, late, Date.now);
    const failing = limiter.run(Date.now() + 100, () => Promise.reject(new Error('broken')));
    const next = limiter.run(Date.now() + 100, async () => 'next');
    await expect(failing).rejects.toThrow('broken');
    await expect(next).resolves.toBe('next');
    await expect(limiter.run(Date.now() + 100, async () => 'later')).resolves.toBe('later');
  });
});
