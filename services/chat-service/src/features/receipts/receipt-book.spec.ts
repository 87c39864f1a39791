import { ChatError } from '@parlance/proto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Marks } from '../rooms/marks.js';
import { type MarkSink, ReceiptBook } from './receipt-book.js';

const minute = 60_000;

describe('ReceiptBook', () => {
  /** Time stands still but for the tests. */
  let now: number;
  let written: (readonly Marks[])[];
  /** What each write was told of the one before. */
  let lastWrites: number[];
  let told: string[];
  let writesTold: number;
  let fault: Error | undefined;
  /** Writes wait until it resolves. */
  let mayWrite: Promise<void>;
  let book: ReceiptBook;

  beforeEach(() => {
    now = 1_000;
    written = [];
    lastWrites = [];
    told = [];
    writesTold = 0;
    fault = undefined;
    mayWrite = Promise.resolve();
    const sink: MarkSink = {
      raise: async (marks) => {
        written.push(marks);
        if (fault) throw fault;
      },
      nextWrite: (lastAt) => {
        lastWrites.push(lastAt);
        return mayWrite;
      },
      raised: (all) => {
        writesTold += 1;
        for (const { marks, before, how } of all) told.push(`${spell(before)} -> ${spell(marks)} ${how}`);
      },
    };
    book = new ReceiptBook(sink, () => now);
  });

  it('writes a reader once, however often the reader reports before the next write', async () => {
    await Promise.all(Array.from({ length: 100 }, (_, id) => book.report(mark('ann', id + 1, id + 1))));
    expect(written).toEqual([[mark('ann', 100, 100)]]);
    await book.report(mark('ann', 50, 50));
    expect(written.length).toBe(1);
  });

  it.each([
    ['delivered alone', mark('ann', 6, 5)],
    ['read alone', mark('ann', 5, 6)],
  ])('writes a mark that is higher by what was %s', async (_title, higher) => {
    await book.report(mark('ann', 5, 5));
    await book.report(higher);
    expect(written.length).toBe(2);
  });

  it('writes once at a time, and what comes meanwhile with the next write', async () => {
    const gate = Promise.withResolvers<void>();
    mayWrite = gate.promise;
    const reports = [book.report(mark('ann', 1, 0)), book.report(mark('bob', 1, 0))];
    await Promise.resolve();
    reports.push(book.report(mark('cy', 1, 0)));
    expect(lastWrites.length).toBe(1);
    gate.resolve();
    await Promise.all(reports);
    expect(written).toEqual([[mark('ann', 1, 0), mark('bob', 1, 0), mark('cy', 1, 0)]]);
    expect([writesTold, told.length]).toEqual([1, 3]);
  });

  it('names the time of the last write for the choice of the next', async () => {
    await book.report(mark('ann', 1, 0));
    now = 1_700;
    await book.report(mark('ann', 2, 0));
    now = 9_000;
    await book.report(mark('ann', 3, 0));
    expect(lastWrites).toEqual([Number.NEGATIVE_INFINITY, 1_000, 1_700]);
  });

  it('tells what marks were and are, and who has only sent something', async () => {
    await book.report(mark('ann', 4, 0));
    await book.report(mark('ann', 4, 3));
    book.sent('r', 'ann', 6, 0);
    book.sent('r', 'cy', 2, 0);
    await book.report(mark('bob', 1, 0));
    expect(told).toEqual([
      'ann -1/-1 -> ann 4/0 reported',
      'ann 4/0 -> ann 4/3 reported',
      'ann 4/3 -> ann 6/6 sent',
      'cy -1/-1 -> cy 2/2 sent',
      'bob -1/-1 -> bob 1/0 reported',
    ]);
  });

  it('counts with an own message everything before it as read, and shows it to its sender at once', async () => {
    await book.report(mark('ann', 4, 4));
    for (const id of [5, 8, 7, 8]) book.sent('r', 'ann', id, 0);
    book.sent('r', 'bob', 7, 5);
    book.sent('r', 'cy', 7, 9);
    book.sent('r', 'eve', 7, 7);
    const mine = { roomId: 'r', userId: 'ann', readUpTo: 4, deliveredUpTo: 4 };
    expect(book.ahead(mine)).toEqual({ ...mine, readUpTo: 8, deliveredUpTo: 8 });
    expect(book.ahead({ ...mine, readUpTo: 9 })).toMatchObject({ readUpTo: 9, deliveredUpTo: 9 });
    await book.report(mark('dan', 1, 0));
    expect(written.flat()).toEqual([mark('ann', 4, 4), mark('ann', 8, 8), mark('bob', 7, 7), mark('dan', 1, 0)]);
  });

  it('lets marks of what was only sent wait for a second, unless somebody reports one', async () => {
    await book.report(mark('ann', 1, 0));
    book.sent('r', 'ann', 5, 0);
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    expect(written.length).toBe(1);
    await book.report(mark('bob', 2, 0));
    expect(written[1]).toEqual([mark('ann', 5, 5), mark('bob', 2, 0)]);
    book.sent('r', 'ann', 6, 0);
    now += 1_000;
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    expect(written[2]).toEqual([mark('ann', 6, 6)]);
  });

  it('shows what was delivered without being read, and leaves the marks of others alone', () => {
    void book.report(mark('ann', 6, 2));
    const mine = { roomId: 'r', userId: 'ann', readUpTo: 1, deliveredUpTo: 1 };
    expect(book.ahead(mine)).toEqual({ ...mine, readUpTo: 2, deliveredUpTo: 6 });
    const other = { ...mine, roomId: 's' };
    expect(book.ahead(other)).toBe(other);
  });

  it('reports a failed write to everyone who waits for it, and writes again when they retry', async () => {
    fault = new ChatError('STORE_UNAVAILABLE');
    const reports = [book.report(mark('ann', 3, 3)), book.report(mark('ann', 2, 2)), book.report(mark('bob', 1, 1))];
    for (const report of reports) await expect(report).rejects.toMatchObject({ reason: 'STORE_UNAVAILABLE' });
    expect(told).toEqual([]);
    fault = undefined;
    await book.report(mark('ann', 3, 3));
    expect(written.at(-1)).toEqual([mark('ann', 3, 3)]);
    expect(told).toEqual(['ann -1/-1 -> ann 3/3 reported']);
  });

  it('says INTERNAL when a write fails for a reason that it does not know', async () => {
    fault = new Error('surprise');
    await expect(book.report(mark('ann', 3, 3))).rejects.toMatchObject({ reason: 'INTERNAL' });
  });

  it('takes what a failed write has left of a sent message along when the user reports', async () => {
    fault = new ChatError('STORE_UNAVAILABLE');
    book.sent('r', 'ann', 5, 0);
    await expect(book.report(mark('bob', 1, 0))).rejects.toMatchObject({ reason: 'STORE_UNAVAILABLE' });
    fault = undefined;
    await book.report(mark('ann', 1, 0));
    expect(written.at(-1)).toEqual([mark('ann', 5, 5)]);
  });

  it('forgets what was not touched for ten minutes, which costs one write too many', async () => {
    await book.report(mark('ann', 1, 1));
    await book.report(mark('bob', 1, 1));
    now += 10 * minute;
    book.forgetIdle();
    await book.report(mark('ann', 1, 1));
    expect(written.length).toBe(2);
    now += 1;
    book.forgetIdle();
    await book.report(mark('ann', 1, 1));
    expect(written.length).toBe(2);
    await book.report(mark('bob', 1, 1));
    expect(written.length).toBe(3);
  });

  it('forgets nothing that still has to be written', async () => {
    const gate = Promise.withResolvers<void>();
    mayWrite = gate.promise;
    const reported = book.report(mark('ann', 5, 5));
    now += 11 * minute;
    book.forgetIdle();
    const mine = { roomId: 'r', userId: 'ann', readUpTo: 1, deliveredUpTo: 1 };
    expect(book.ahead(mine)).toMatchObject({ readUpTo: 5 });
    gate.resolve();
    await reported;
  });

  it('forgets a room whose log is another one: the same mark is written again, and one on its way is not', async () => {
    await book.report(mark('ann', 5, 5));
    const gate = Promise.withResolvers<void>();
    mayWrite = gate.promise;
    const other = { ...mark('ann', 2, 2), roomId: 'other' };
    const onItsWay = book.report(mark('ann', 9, 9));
    book.forgetRoom('r');
    await expect(onItsWay).rejects.toMatchObject({ reason: 'STORE_UNAVAILABLE' });
    gate.resolve();
    await book.report(other);
    await book.report(mark('ann', 3, 3));
    book.forgetRoom('r');
    await book.report(other);
    expect(written).toEqual([[mark('ann', 5, 5)], [other], [mark('ann', 3, 3)]]);
  });
});

function mark(userId: string, delivered: number, read: number): Marks {
  return { roomId: 'r', userId, delivered, read };
}

function spell({ userId, delivered, read }: Marks): string {
  return `${userId} ${delivered}/${read}`;
}
