import { describe, expect, it } from 'vitest';
import { GatheredReads } from './gathered-reads.js';

describe('GatheredReads', () => {
  it('makes one read of what is asked for in one turn, each key once', async () => {
    const { reads, read, pass } = gathered();
    const answers = Promise.all([reads.one('a', 10), reads.one('b', 30), reads.one('a', 20)]);
    expect(read).toEqual([]);
    pass(0);
    expect(await answers).toEqual(['a1', 'b1', 'a1']);
    expect(read).toEqual([{ keys: ['a', 'b'], timeMs: 30 }]);
  });

  it('never lets anybody join a read that has left', async () => {
    const { reads, read, pass } = gathered();
    const first = reads.one('a', 10);
    pass(0);
    const second = reads.one('a', 10);
    pass(0);
    expect([await first, await second]).toEqual(['a1', 'a2']);
    expect(read).toHaveLength(2);
  });

  it('waits the longer for company the more had come, and not at all behind one alone', async () => {
    const { reads, read, pass } = gathered();
    void reads.one('a', 10);
    pass(0);
    for (const key of ['b', 'c', 'd']) void reads.one(key, 10);
    pass(0);
    expect(read).toHaveLength(2);
    void reads.one('e', 10);
    pass(9);
    expect(read).toHaveLength(2);
    pass(1);
    expect(read.at(-1)?.keys).toEqual(['e']);
    for (let count = 0; count < 150; count++) void reads.one(`key ${count}`, 10);
    pass(0);
    void reads.one('last', 10);
    pass(99);
    expect(read).toHaveLength(4);
    pass(1);
    expect(read).toHaveLength(5);
  });

  it('counts one who asks for many keys as one', async () => {
    const { reads, read, pass } = gathered();
    const asked = reads.all(['a', 'b', 'c'], 10);
    pass(0);
    void reads.one('d', 10);
    pass(0);
    expect(read.map(({ keys }) => keys)).toEqual([['a', 'b', 'c'], ['d']]);
    expect([...(await asked).keys()]).toEqual(['a', 'b', 'c']);
  });

  it('does not wait with a read that is full', () => {
    const { reads, read, pass } = gathered(3);
    for (const key of ['a', 'b', 'c', 'd']) void reads.one(key, 10);
    expect(read.map(({ keys }) => keys)).toEqual([['a', 'b', 'c']]);
    pass(10);
    expect(read.at(-1)?.keys).toEqual(['d']);
  });

  it('reads keys apart for a while after some of a read could not be read', async () => {
    const { reads, read, pass } = gathered();
    const [good, bad] = [reads.one('a', 10), reads.one('bad', 10)];
    pass(0);
    await expect(good).rejects.toThrow('bad');
    await expect(bad).rejects.toThrow('bad');
    const again = [reads.one('a', 10), reads.one('bad', 10)];
    expect(await again[0]).toBe('a2');
    await expect(again[1]).rejects.toThrow('bad');
    pass(5_000);
    void reads.one('a', 10);
    void reads.one('b', 10);
    pass(0);
    expect(read.at(-1)?.keys).toEqual(['a', 'b']);
  });
});

/** Reads that tell how often they were made, on a clock that stands until `pass`. */
function gathered(mostKeys?: number) {
  let now = 0;
  const alarms: { readonly at: number; readonly ring: () => void }[] = [];
  const read: { readonly keys: readonly string[]; readonly timeMs: number }[] = [];
  const reads = new GatheredReads<string>(
    async (keys, timeMs) => {
      read.push({ keys, timeMs });
      const count = read.length;
      if (keys.includes('bad')) throw new Error('bad');
      return new Map(keys.map((key) => [key, `${key}${count}`]));
    },
    { elapsedMs: () => now, after: (ms, ring) => void alarms.push({ at: now + ms, ring }) },
    mostKeys,
  );
  return {
    reads,
    read,
    pass(ms: number): void {
      now += ms;
      for (const alarm of alarms.splice(0)) {
        if (alarm.at <= now) alarm.ring();
        else alarms.push(alarm);
      }
    },
  };
}
