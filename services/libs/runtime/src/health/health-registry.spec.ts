import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HealthRegistry } from './health-registry.js';
import { livez, readyz } from './probes.js';

let health: HealthRegistry;

beforeEach(() => {
  vi.useFakeTimers();
  health = new HealthRegistry({ everyMs: 2_000, timeoutMs: 500 });
});

afterEach(() => {
  health.close();
  vi.useRealTimers();
});

describe('HealthRegistry', () => {
  it('goes from starting to ready to draining', () => {
    expect(readyz(health)).toMatchObject({ statusCode: 503, body: { status: 'starting', started: false } });
    health.markStarted();
    expect(readyz(health)).toMatchObject({ statusCode: 200, body: { status: 'ready', started: true } });
    health.markDraining();
    expect(readyz(health)).toMatchObject({
      statusCode: 503,
      body: { status: 'draining', started: true, draining: true },
    });
    expect(livez(health).statusCode).toBe(200);
  });

  it('shows a dead dependency in the body and stays ready', async () => {
    health.markStarted();
    health.add({ name: 'store', critical: true, check: () => Promise.reject(new Error('ECONNREFUSED')) });
    await vi.advanceTimersByTimeAsync(0);
    expect(readyz(health)).toMatchObject({
      statusCode: 200,
      body: { degraded: true, checks: [{ name: 'store', critical: true, state: 'down', detail: 'ECONNREFUSED' }] },
    });
  });

  it('is not ready while the process itself is not fit, and says why', async () => {
    const clock = { wrong: true };
    const check = () => {
      if (clock.wrong) throw new Error('5 s ahead');
    };
    health.add({ name: 'clock', of: 'self', critical: false, check });
    await vi.advanceTimersByTimeAsync(0);
    expect(readyz(health)).toMatchObject({ statusCode: 503, body: { status: 'starting' } });
    health.markStarted();
    expect(readyz(health)).toMatchObject({
      statusCode: 503,
      body: { status: 'unfit', checks: [{ name: 'clock', state: 'down', detail: '5 s ahead' }] },
    });
    expect(livez(health).statusCode).toBe(200);
    clock.wrong = false;
    await vi.advanceTimersByTimeAsync(2_000);
    expect(readyz(health)).toMatchObject({ statusCode: 200, body: { status: 'ready' } });
  });

  it('tells each change of its status once to those who listen', async () => {
    const told: string[] = [];
    const leave = health.onStatus((status) => told.push(status));
    const clock = { wrong: false };
    const check = () => {
      if (clock.wrong) throw new Error('5 s ahead');
    };
    health.add({ name: 'clock', of: 'self', critical: false, check });
    health.markStarted();
    await vi.advanceTimersByTimeAsync(4_000);
    clock.wrong = true;
    await vi.advanceTimersByTimeAsync(4_000);
    clock.wrong = false;
    await vi.advanceTimersByTimeAsync(2_000);
    health.markDraining();
    expect(told).toEqual(['starting', 'ready', 'unfit', 'ready', 'draining']);
    leave();
    health.onStatus((status) => told.push(`late: ${status}`));
    expect(told.at(-1)).toBe('late: draining');
  });

  it('is not degraded by something that is not critical', async () => {
    health.add({
      name: 'cache',
      critical: false,
      check: () => {
        throw new Error('away');
      },
    });
    await vi.advanceTimersByTimeAsync(0);
    expect(health.report()).toMatchObject({ degraded: false, checks: [{ state: 'down', detail: 'away' }] });
  });

  it('does not run checks for probes, only at its own pace', async () => {
    const check = vi.fn(() => {});
    health.add({ name: 'cache', critical: false, check });
    expect(health.report().checks[0]?.state).toBe('unknown');
    await vi.advanceTimersByTimeAsync(0);
    for (let probe = 0; probe < 100; probe += 1) expect(health.report().checks[0]?.state).toBe('up');
    expect(check).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(4_000);
    expect(check).toHaveBeenCalledTimes(3);
  });

  it('counts a hung check as down and does not start it again while it hangs', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const check = vi.fn(() => promise);
    health.add({ name: 'cache', critical: false, check });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(health.report().checks[0]).toMatchObject({ state: 'down', detail: 'no answer within 500 ms' });
    expect(check).toHaveBeenCalledTimes(1);
    resolve();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(health.report().checks[0]?.state).toBe('up');
  });

  it('refuses two checks of one name', () => {
    health.add({ name: 'cache', critical: false, check: () => {} });
    expect(() => health.add({ name: 'cache', critical: false, check: () => {} })).toThrow('cache exists');
  });
});
