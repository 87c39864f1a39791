import { expect, it } from 'vitest';
import { type Rows, rowsOf } from './rows-of.js';

/** A cursor that gives batches and then, if told so, no answer. */
class Batches implements Rows<number> {
  closed = false;
  private buffer: number[] = [];
  constructor(
    private readonly batches: number[][],
    private readonly silentAtTheEnd = false,
  ) {}
  async next(): Promise<number | null> {
    const [first, ...rest] = this.batches.shift() ?? [];
    if (first === undefined && this.silentAtTheEnd) await new Promise(() => {});
    this.buffer = rest;
    return first ?? null;
  }
  readBufferedDocuments(): number[] {
    return this.buffer.splice(0);
  }
  async close(): Promise<void> {
    this.closed = true;
  }
}

async function all(cursor: Batches, signal = new AbortController().signal, waitMs = 10_000): Promise<number[]> {
  const rows: number[] = [];
  for await (const row of rowsOf(cursor, signal, { firstMs: waitMs, nextMs: waitMs })) rows.push(row);
  return rows;
}

it('gives all rows in order and closes the cursor', async () => {
  const cursor = new Batches([[1, 2, 3], [4], [5, 6]]);
  expect(await all(cursor)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(cursor.closed).toBe(true);
});

it('ends a cursor whose answer never comes', async () => {
  const cursor = new Batches([[1]], true);
  await expect(all(cursor, undefined, 5)).rejects.toThrow('did not answer');
  expect(cursor.closed).toBe(true);
});

it('stops with the reason of the signal, also while it waits', async () => {
  const stop = new AbortController();
  const reading = all(new Batches([[1]], true), stop.signal);
  stop.abort(new Error('stopped'));
  await expect(reading).rejects.toThrow('stopped');
});

it('closes the cursor of whoever stops reading', async () => {
  const cursor = new Batches([[1, 2], [3]]);
  for await (const row of rowsOf(cursor, new AbortController().signal)) if (row === 2) break;
  expect(cursor.closed).toBe(true);
});
