import { createLogger } from '@parlance/runtime';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RevocationTable } from '../../auth/revocation-table.js';
import type { ChatPubSubService } from './chat-pubsub.service.js';
import { RevocationWatch } from './revocation-watch.js';
import type { RoomQueries } from './room-queries.service.js';

describe('RevocationWatch', () => {
  let stored: { userId: string; revokedBefore: number }[];
  let readings: number;
  let pubsub: { isInterrupted: boolean; interrupt: () => void; resubscribe: () => void };
  let table: RevocationTable;
  let watch: RevocationWatch;

  beforeEach(async () => {
    vi.useFakeTimers();
    stored = [];
    readings = 0;
    pubsub = { isInterrupted: false, interrupt: () => {}, resubscribe: () => {} };
    table = new RevocationTable();
    const channels = {
      get isInterrupted() {
        return pubsub.isInterrupted;
      },
      onEvent: () => {},
      onInterrupted: (handler: () => void) => Object.assign(pubsub, { interrupt: handler }),
      onResubscribed: (handler: () => void) => Object.assign(pubsub, { resubscribe: handler }),
    };
    /** A reading sees what is stored when it begins, and takes 300 ms. */
    const listRevocations = async () => {
      readings += 1;
      const seen = [...stored];
      await new Promise((resolve) => setTimeout(resolve, 300));
      return seen;
    };
    watch = new RevocationWatch(
      table,
      { listRevocations } as unknown as RoomQueries,
      channels as unknown as ChatPubSubService,
      createLogger({ name: 'test', level: 'silent' }),
    );
    watch.onModuleInit();
    const started = watch.onApplicationBootstrap();
    await vi.advanceTimersByTimeAsync(300);
    await started;
  });
  afterEach(() => {
    watch.onModuleDestroy();
    vi.useRealTimers();
  });

  it('reads every second while subscriptions are interrupted, and seldom while they are not', async () => {
    await vi.advanceTimersByTimeAsync(20_000);
    expect(readings).toBe(1);
    pubsub.isInterrupted = true;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(readings).toBe(11);
  });

  it('learns within 2 s of a revocation that nobody could tell it', async () => {
    pubsub.isInterrupted = true;
    pubsub.interrupt();
    await vi.advanceTimersByTimeAsync(10);
    stored.push({ userId: 'ann', revokedBefore: 5 });
    await vi.advanceTimersByTimeAsync(1_990);
    expect(table.revokedBefore('ann')).toBe(5);
  });

  it('reads once more when subscriptions come back during a reading, which may have begun too early', async () => {
    pubsub.interrupt();
    await vi.advanceTimersByTimeAsync(10);
    stored.push({ userId: 'ann', revokedBefore: 5 });
    pubsub.resubscribe();
    pubsub.resubscribe();
    await vi.advanceTimersByTimeAsync(600);
    expect(table.revokedBefore('ann')).toBe(5);
    expect(readings).toBe(3);
  });
});
