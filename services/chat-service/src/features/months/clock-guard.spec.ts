import { expect, it, vi } from 'vitest';
import { ClockGuard, type Clocks } from './clock-guard.js';

/** A pod and a server whose clocks differ by `skewMs`, with an answer that is under way for `thereMs` and `backMs`. */
function world() {
  const state = { time: 1_000_000, skewMs: 0, thereMs: 1, backMs: 1, away: false };
  const clockSkew = { set: vi.fn() };
  const logger = { warn: vi.fn(), info: vi.fn(), debug: vi.fn() };
  const clocks: Clocks = {
    now: () => state.time + state.skewMs,
    elapsed: () => state.time,
    readServerClock: async () => {
      if (state.away) throw new Error('away');
      state.time += state.thereMs;
      const answer = state.time;
      state.time += state.backMs;
      return answer;
    },
  };
  const guard = new ClockGuard(clocks, { clockSkew: clockSkew as never }, logger);
  const fault = async (change: Partial<typeof state>): Promise<string> => {
    Object.assign(state, change);
    await guard.measure();
    try {
      guard.requireRight();
      return '';
    } catch (thrown) {
      return (thrown as Error).message || 'no reason';
    }
  };
  return { fault, clockSkew, logger };
}

it('takes a pod for wrong that is more than two seconds off, in either direction, until it is right again', async () => {
  const { fault, logger } = world();
  expect(await fault({ skewMs: 1_990 })).toBe('');
  expect(await fault({ skewMs: 2_010 })).toBe("this pod's clock is 2.0 s ahead of that of MongoDB; 2 s are allowed");
  expect(logger.warn).toHaveBeenLastCalledWith({ skewMs: 2_010 }, expect.any(String));
  expect(await fault({ skewMs: -3_400 })).toContain('3.4 s behind');
  expect(logger.warn).toHaveBeenCalledTimes(1);
  expect(logger.info).not.toHaveBeenCalled();
  expect(await fault({ skewMs: 0 })).toBe('');
  expect(logger.info).toHaveBeenLastCalledWith({ skewMs: 0 }, expect.any(String));
  expect(await fault({ skewMs: 10 })).toBe('');
  expect(logger.info).toHaveBeenCalledTimes(1);
  expect(logger.warn).toHaveBeenCalledTimes(1);
});

it('takes a pod for right that is off by exactly what is allowed', async () => {
  const { fault } = world();
  expect(await fault({ skewMs: 2_000, thereMs: 0, backMs: 0 })).toBe('');
  await fault({ skewMs: 2_001 });
  expect(await fault({ skewMs: 2_000 })).toBe('');
});

it('measures the skew to half of the round trip', async () => {
  const { fault, clockSkew } = world();
  await fault({ skewMs: 1_500, thereMs: 100, backMs: 100 });
  expect(clockSkew.set).toHaveBeenLastCalledWith(1.5);
});

it('does not blame the pod for a slow answer', async () => {
  const { fault } = world();
  expect(await fault({ thereMs: 9_000, backMs: 10 })).toBe('');
  expect(await fault({ thereMs: 10, backMs: 9_000 })).toBe('');
});

it('does not clear a pod by a slow answer either', async () => {
  const { fault } = world();
  await fault({ skewMs: 5_000 });
  expect(await fault({ skewMs: 5_000, thereMs: 9_000, backMs: 10 })).toContain('5.0 s ahead');
});

it('keeps its verdict while MongoDB is away', async () => {
  const { fault, logger, clockSkew } = world();
  expect(await fault({ away: true, skewMs: 9_000 })).toBe('');
  expect(logger.debug.mock.calls).toEqual([[{ err: new Error('away') }, expect.any(String)]]);
  expect(clockSkew.set).not.toHaveBeenCalled();
  expect(await fault({ away: false })).not.toBe('');
  expect(await fault({ away: true, skewMs: 0 })).not.toBe('');
});
