import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../test/fakes/fake-clock.js';
import { deferred } from './deferred.js';
import { withinTime } from './within-time.js';

describe('work of others', () => {
  it('settles as the work does, and leaves no timer behind', async () => {
    const clock = new FakeClock();
    const late = (): Error => new Error('late');
    await expect(withinTime(clock, 1_000, () => 'at once', late)).resolves.toBe('at once');
    await expect(withinTime(clock, 1_000, () => Promise.resolve('soon'), late)).resolves.toBe('soon');
    await expect(withinTime(clock, 1_000, () => Promise.reject(new Error('no')), late)).rejects.toThrow('no');
    const thrown = withinTime(clock, 1_000, () => JSON.parse('{'), late);
    await expect(thrown).rejects.toBeInstanceOf(SyntaxError);
    await clock.pass(0);
    expect(clock.waiting).toBe(0);
  });

  it('ends when its time is over, and what it does afterwards is not heard', async () => {
    const clock = new FakeClock();
    const { promise, resolve, reject } = deferred<string>();
    const waited = withinTime(
      clock,
      1_000,
      () => promise,
      () => new Error('late'),
    ).catch(String);
    await clock.pass(999);
    resolve('just in time');
    await expect(waited).resolves.toBe('just in time');
    const never = withinTime(
      clock,
      1_000,
      () => new Promise(() => undefined),
      () => new Error('late'),
    ).catch(String);
    await clock.pass(1_000);
    reject(new Error('far too late'));
    await expect(never).resolves.toBe('Error: late');
  });
});
