import { describe, expect, it, vi } from 'vitest';
import { waitFor } from './wait-for.js';

function failing(
  times: number,
  error: unknown = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }),
) {
  let left = times;
  return vi.fn(async () => {
    left -= 1;
    if (left >= 0) throw error;
    return 'there';
  });
}

const newLogger = () => ({ info: vi.fn(), warn: vi.fn() });

describe('waitFor', () => {
  it('returns the value of the first success and is silent when that is at once', async () => {
    const logger = newLogger();
    expect(await waitFor('MongoDB', failing(0), { logger })).toBe('there');
    expect([logger.warn.mock.calls, logger.info.mock.calls]).toEqual([[], []]);
  });

  it('says what it waits for at first and then every five seconds', async () => {
    const logger = newLogger();
    let time = 0;
    const now = () => (time += 1_000);
    expect(await waitFor('MongoDB at db:27017', failing(10), { logger, everyMs: 0, now })).toBe('there');
    expect(logger.warn.mock.calls.length).toBeGreaterThan(1);
    expect(logger.warn.mock.calls.length).toBeLessThan(10);
    expect(logger.warn).toHaveBeenCalledWith(expect.anything(), 'waiting for MongoDB at db:27017: ECONNREFUSED');
    expect(logger.info).toHaveBeenCalledExactlyOnceWith(expect.anything(), 'MongoDB at db:27017 is there');
  });

  it('hides credentials in a message', async () => {
    const logger = newLogger();
    await waitFor('MongoDB', failing(1, new Error('cannot reach mongodb://me:hunter2@db:27017/x')), {
      logger,
      everyMs: 0,
    });
    expect(logger.warn).toHaveBeenCalledWith(
      expect.anything(),
      'waiting for MongoDB: cannot reach mongodb://***@db:27017/x',
    );
  });

  it('stops when it is told to', async () => {
    const controller = new AbortController();
    const attempt = vi.fn(() => {
      controller.abort(new Error('shutting down'));
      return Promise.reject(new Error('away'));
    });
    await expect(waitFor('MongoDB', attempt, { logger: newLogger(), signal: controller.signal })).rejects.toThrow(
      'shutting down',
    );
    expect(attempt).toHaveBeenCalledOnce();
  });

  it('stops in the middle of a pause', async () => {
    const controller = new AbortController();
    const logger = newLogger();
    logger.warn.mockImplementation(() => queueMicrotask(() => controller.abort(new Error('shutting down'))));
    await expect(
      waitFor('MongoDB', failing(9), { logger, everyMs: 60_000, signal: controller.signal }),
    ).rejects.toThrow('shutting down');
  });
});
