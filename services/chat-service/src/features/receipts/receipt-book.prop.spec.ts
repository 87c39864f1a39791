import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Marks } from '../rooms/marks.js';
import { type MarkSink, ReceiptBook } from './receipt-book.js';

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
  const sink: MarkSink = {
    raise: (marks) => store.raise(marks),
    nextWrite: () => new Promise((resolve) => setImmediate(resolve)),
    raised: (all) => {
      for (const { marks, how } of all) told(marks, how);
    },
  };
  return new ReceiptBook(sink, () => 0);
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
