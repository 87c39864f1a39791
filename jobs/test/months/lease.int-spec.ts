import { randomUUID } from 'node:crypto';
import { beforeEach, expect, it } from 'vitest';
import type { JobContext } from '../../src/index.js';
import { LeaseHeld, withLease } from '../../src/mongo/lease.js';
import { shareDatabase } from '../fixtures/share-database.js';
import type { TestDatabase } from '../fixtures/start-database.js';

let server: TestDatabase;
shareDatabase((database) => (server = database));
beforeEach(() => server.database.leases.deleteMany({}));

/** Runs are told apart by their id. */
const runs = (): JobContext => ({ ...server.context, run: randomUUID() });
const wish = { job: 'move', waitSeconds: 0 };
const entry = () => server.database.leases.findOne({ _id: 'jobs' });

it('turns the second away and says who is at work, until the first is done', async () => {
  const first = withLease(runs(), wish, async () => {
    const second = withLease(runs(), { ...wish, job: 'archive' }, async () => 'second');
    await expect(second).rejects.toThrow(LeaseHeld);
    await expect(second).rejects.toThrow(/^move \(process \d+ on .*--wait SECONDS/);
    return 'first';
  });
  expect(await first).toBe('first');
  expect(await withLease(runs(), wish, async () => 'third')).toBe('third');
});

it('waits for the first as long as it is told to', async () => {
  const order: string[] = [];
  const began = Promise.withResolvers<void>();
  const mayEnd = Promise.withResolvers<void>();
  const first = withLease(runs(), wish, async () => {
    began.resolve();
    await mayEnd.promise;
    order.push('first');
  });
  await began.promise;
  const second = withLease(runs(), { ...wish, waitSeconds: 60 }, async () => void order.push('second'));
  mayEnd.resolve();
  await Promise.all([first, second]);
  expect(order).toEqual(['first', 'second']);
});

it('gives it to one of many that ask at once', async () => {
  let inside = 0;
  const tries = Array.from({ length: 8 }, () =>
    withLease(runs(), wish, async () => {
      expect(++inside).toBe(1);
      await entry();
      inside -= 1;
    }),
  );
  const outcomes = await Promise.allSettled(tries);
  const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
  expect(reasons.every((reason) => reason instanceof LeaseHeld)).toBe(true);
  expect(outcomes.some(({ status }) => status === 'fulfilled')).toBe(true);
});

it('renews it for as long as the work lasts, and takes over from a dead holder', async () => {
  const { database } = server;
  await withLease(runs(), { ...wish, ttlMs: 300 }, async () => {
    const before = (await entry())?.until.getTime() ?? 0;
    await expect.poll(async () => (await entry())?.until.getTime(), { interval: 20 }).toBeGreaterThan(before);
  });
  await database.leases.updateOne({ _id: 'jobs' }, { $set: { token: 'dead', until: new Date(Date.now() - 1) } });
  expect(await withLease(runs(), wish, async () => 'alive')).toBe('alive');
});

it('aborts the work when another has the lease, and leaves that one its own', async () => {
  const { database } = server;
  const working = withLease(runs(), { ...wish, ttlMs: 300 }, async (signal) => {
    const until = new Date(Date.now() + 60_000);
    await database.leases.updateOne({ _id: 'jobs' }, { $set: { token: 'other', until } });
    await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
  });
  await expect(working).rejects.toThrow('the lease was lost');
  expect(await entry()).toMatchObject({ token: 'other' });
});
