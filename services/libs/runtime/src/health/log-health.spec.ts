import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { HealthRegistry } from './health-registry.js';
import { logHealth } from './log-health.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('tells once of each change of what fails, however often it is looked at, and nothing while it starts or stops', async () => {
  const lines: unknown[] = [];
  const write = (...line: unknown[]): void => void lines.push(line);
  const health = new HealthRegistry({ everyMs: 1_000 });
  logHealth(health, { info: write, warn: write });
  const broken = new Set<string>(['redis']);
  for (const name of ['redis', 'mongodb', 'of no matter'])
    health.add({
      name,
      critical: name !== 'of no matter',
      check: () => {
        if (broken.has(name)) throw new Error(`no ${name}`);
      },
    });
  const pass = async (...failing: string[]): Promise<unknown[]> => {
    broken.clear();
    for (const name of failing) broken.add(name);
    await vi.advanceTimersByTimeAsync(5_000);
    return lines.splice(0);
  };
  expect(await pass('redis')).toEqual([]);
  health.markStarted();
  const redis = { name: 'redis', reason: 'no redis' };
  expect(await pass('redis')).toEqual([[{ checks: [redis] }, 'degraded']]);
  expect(await pass('redis', 'mongodb', 'of no matter')).toEqual([
    [{ checks: [redis, { name: 'mongodb', reason: 'no mongodb' }] }, 'degraded'],
  ]);
  expect(await pass('of no matter')).toHaveLength(2);
  expect(await pass()).toEqual([]);
  health.markDraining();
  expect(await pass('redis')).toEqual([]);
  health.close();
});
