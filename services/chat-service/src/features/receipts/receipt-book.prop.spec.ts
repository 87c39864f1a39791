import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Marks } from './mongo-receipt-store.js';
import { ReceiptBook } from './receipt-book.js';

const operations = 1_000_000;
const users = Array.from({ length: 20 }, (_, index) => `user-${index}`);

/** A store that keeps the highest marks, as the database does, and counts its commands. */
class CountingStore {
  readonly marks = new Map<string, { delivered: number; read: number }>();
  commands = 0;

  raise(batch: readonly Marks[]): Promise<void> {
    this.commands++;
    const keys = batch.map(({ roomId, userId }) => `${roomId}/${userId}`);
    if (new Set(keys).size !== keys.length) throw new Error('a reader appears twice in one command');
    for (const { roomId, userId, delivered, read } of batch) {
      const key = `${roomId}/${userId}`;
      const before = this.marks.get(key) ?? { delivered: 0, read: 0 };
      this.marks.set(key, {
        delivered: Math.max(before.delivered, delivered, read),
        read: Math.max(before.read, read),
      });
    }
    return Promise.resolve();
  }
}

function bookOn(store: CountingStore, told: (marks: Marks, how: string) => void = () => undefined): ReceiptBook {
  return new ReceiptBook({
    raise: (marks) => store.raise(marks),
    nextWrite: () => new Promise((resolve) => setImmediate(resolve)),
    now: () => 0,
    raised: (marks, _, how) => told(marks, how),
  });
}

// A million reports take as long as the machine takes.
it(`keeps every mark rising over ${operations.toLocaleString('en')} random reports, and unread as brute force counts it`, {
  timeout: 120_000,
}, async () => {
  const store = new CountingStore();
  const told = new Map<string, number>();
  const book = bookOn(store, ({ roomId, userId, delivered, read }) => {
    const key = `${roomId}/${userId}`;
    expect(read + delivered).toBeGreaterThanOrEqual(told.get(key) ?? 0);
    told.set(key, read + delivered);
  });
  const random = fc.sample(fc.nat({ max: 999_999 }), { numRuns: 10_000, seed: 7 });
  const expected = new Map<string, { delivered: number; read: number }>();
  const head = 10_000;
  let pending: Promise<void>[] = [];
  for (let index = 0; index < operations; index++) {
    const dice = (random[index % random.length] ?? 0) + index;
    const userId = users[dice % users.length] ?? '';
    const roomId = `room-${dice % 7}`;
    const id = 1 + ((dice * 7_919) % head);
    const reads = dice % 3 === 0;
    pending.push(book.report({ roomId, userId, delivered: id, read: reads ? id : 0 }));
    const key = `${roomId}/${userId}`;
    const before = expected.get(key) ?? { delivered: 0, read: 0 };
    expected.set(key, {
      delivered: Math.max(before.delivered, id),
      read: reads ? Math.max(before.read, id) : before.read,
    });
    if (pending.length === 5_000) {
      await Promise.all(pending);
      pending = [];
    }
  }
  await Promise.all(pending);
  expect(store.marks).toEqual(expected);
  for (const [key, { read }] of expected) expect(head - (store.marks.get(key)?.read ?? 0)).toBe(head - read);
  expect(store.commands).toBeLessThan(operations / 1_000);
});

it('writes a reader once, however often the reader reports before the next write', async () => {
  const store = new CountingStore();
  const book = bookOn(store);
  await Promise.all(
    Array.from({ length: 100 }, (_, id) =>
      book.report({ roomId: 'r', userId: 'ann', delivered: id + 1, read: id + 1 }),
    ),
  );
  expect(store.commands).toBe(1);
  await book.report({ roomId: 'r', userId: 'ann', delivered: 50, read: 50 });
  expect(store.commands).toBe(1);
});

it('counts with an own message everything before it as read, tells nobody, and shows it to its sender at once', async () => {
  const store = new CountingStore();
  const told: string[] = [];
  const book = bookOn(store, ({ userId, read }, how) => void told.push(`${userId} ${read} ${how}`));
  await book.report({ roomId: 'r', userId: 'ann', delivered: 4, read: 4 });
  book.sent('r', 'ann', 5, 0);
  book.sent('r', 'ann', 8, 0);
  book.sent('r', 'ann', 7, 0);
  book.sent('r', 'bob', 7, 5);
  book.sent('r', 'cy', 7, 9);
  const mine = { roomId: 'r', userId: 'ann', readUpTo: 4, deliveredUpTo: 4 };
  expect(book.ahead(mine)).toEqual({ ...mine, readUpTo: 8, deliveredUpTo: 8 });
  expect(book.ahead({ ...mine, readUpTo: 9, deliveredUpTo: 9 })).toMatchObject({ readUpTo: 9, deliveredUpTo: 9 });
  await book.report({ roomId: 'r', userId: 'dan', delivered: 1, read: 0 });
  expect(store.marks.get('r/ann')).toEqual({ delivered: 8, read: 8 });
  expect(store.marks.get('r/bob')).toEqual({ delivered: 7, read: 7 });
  expect(store.marks.get('r/cy')).toBeUndefined();
  expect(told).toEqual(['ann 4 reported', 'ann 8 sent', 'bob 7 sent', 'dan 0 reported']);
});

it('reports a failed write to everyone who waits for it, and writes again when they retry', async () => {
  const store = new CountingStore();
  let broken = true;
  const book = new ReceiptBook({
    raise: (marks) => (broken ? Promise.reject(new Error('no primary')) : store.raise(marks)),
    nextWrite: () => Promise.resolve(),
    now: () => 0,
    raised: () => undefined,
  });
  const mark = { roomId: 'r', userId: 'ann', delivered: 3, read: 3 };
  await expect(book.report(mark)).rejects.toMatchObject({ reason: 'INTERNAL' });
  broken = false;
  await book.report(mark);
  expect(store.marks.get('r/ann')).toEqual({ delivered: 3, read: 3 });
});
