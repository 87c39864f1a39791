import { createLogger } from '@parlance/runtime';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RevocationTable } from './revocation-table.js';
import { RevocationWatch } from './revocation-watch.js';

describe('RevocationWatch', () => {
  let stored: { userId: string; revokedBefore: number }[];
  /** What each reading asked for: milliseconds before now, 0 for all. */
  let readings: number[];
  let takesMs: number;
  let table: RevocationTable;
  let watch: RevocationWatch;

  beforeEach(async () => {
    vi.useFakeTimers();
    stored = [];
    readings = [];
    takesMs = 300;
    table = new RevocationTable();
    /** A reading sees what is stored when it begins. */
    const listRevocations = async (withinMs = 0) => {
      readings.push(withinMs);
      const seen = stored.filter(({ revokedBefore }) => withinMs === 0 || revokedBefore >= Date.now() - withinMs);
      await new Promise((resolve) => setTimeout(resolve, takesMs));
      return seen;
    };
    watch = new RevocationWatch(table, listRevocations, createLogger({ name: 'test', level: 'silent' }), () =>
      performance.now(),
    );
    const started = watch.start();
    await vi.advanceTimersByTimeAsync(300);
    await started;
  });
  afterEach(() => {
    watch.stop();
    vi.useRealTimers();
  });

  it('asks for the latest every second and for all every 30 s, told of an interruption or not', async () => {
    await vi.advanceTimersByTimeAsync(60_000);
    expect(readings.filter((withinMs) => withinMs === 0)).toHaveLength(3);
    expect(readings.filter((withinMs) => withinMs === 60_000)).toHaveLength(58);
  });

  it('learns within 2 s of a revocation that nobody told it, at whatever moment it is made', async () => {
    for (let offsetMs = 0; offsetMs < 1_000; offsetMs += 100) {
      await vi.advanceTimersByTimeAsync(5_000 + offsetMs);
      const userId = `user-${offsetMs}`;
      stored.push({ userId, revokedBefore: Date.now() });
      await vi.advanceTimersByTimeAsync(2_000);
      expect(table.revokedBefore(userId)).toBeDefined();
    }
  });

  it('has all within 2 s after a time without answers, however long', async () => {
    takesMs = 300_000;
    await vi.advanceTimersByTimeAsync(1_000);
    stored.push({ userId: 'ann', revokedBefore: Date.now() });
    takesMs = 300;
    await vi.advanceTimersByTimeAsync(301_000);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(table.revokedBefore('ann')).toBeDefined();
  });
});
