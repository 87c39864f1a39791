import { setImmediate as turn } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { eventFrame, type Frame } from '../transport/frame.js';
import { FanOut, maxWaiting, sliceReceivers } from './fan-out.js';

describe('FanOut', () => {
  const room = {};
  let fanOut: FanOut<object, Reader>;

  beforeEach(() => {
    fanOut = new FanOut();
  });

  it('writes to few at once', () => {
    const readers = crowd(sliceReceivers);
    const told: number[] = [];
    fanOut.write(room, frame('one'), readers, (written) => told.push(written));
    expect(readers.every(({ got }) => got.length === 1)).toBe(true);
    expect(told).toEqual([sliceReceivers]);
  });

  it('writes to many a slice a turn, and counts those who took it at the end', async () => {
    const readers = crowd(3 * sliceReceivers - 50);
    const gone = readers[1] as Reader;
    gone.isOpen = false;
    const told: number[] = [];
    const written = () => readers.filter(({ got }) => got.length > 0).length;
    fanOut.write(room, frame('one'), readers, (count) => told.push(count));
    expect(written()).toBe(sliceReceivers - 1);
    await turn();
    expect([written(), told]).toEqual([2 * sliceReceivers - 1, []]);
    await turn();
    expect([written(), told]).toEqual([3 * sliceReceivers - 51, [3 * sliceReceivers - 51]]);
  });

  it('keeps the order of a room for everybody, also of what is for one alone', async () => {
    const readers = crowd(3 * sliceReceivers);
    const last = readers.at(-1) as Reader;
    fanOut.write(room, frame('one'), readers, () => {});
    fanOut.write(room, frame('two'), [last], () => {});
    fanOut.write(room, frame('three'), readers, () => {});
    expect(last.got).toEqual([]);
    for (let count = 0; count < 8; count++) await turn();
    expect(last.got).toEqual(['one', 'two', 'three'].map((text) => frame(text).packet));
    expect(readers[0]?.got).toEqual(['one', 'three'].map((text) => frame(text).packet));
  });

  it('gives what waits for the same sockets to each of them together', async () => {
    const readers = crowd(2 * sliceReceivers);
    const told: string[] = [];
    for (const text of ['one', 'two', 'three', 'four'])
      fanOut.write(room, frame(text), readers, (written) => told.push(`${text} ${written}`));
    await turn();
    expect(told).toEqual(['one 200']);
    expect(readers[0]?.got).toEqual([frame('one').packet]);
    expect(readers.at(-1)?.got).toEqual(['one', 'two', 'three', 'four'].map((text) => frame(text).packet));
    await turn();
    expect(readers[0]?.got).toEqual(['one', 'two', 'three', 'four'].map((text) => frame(text).packet));
    expect(readers.at(-1)?.got.length).toBe(4);
    expect(told).toEqual(['one 200', 'two 200', 'three 200', 'four 200']);
  });

  it('takes what comes along from where it is, so that seven frames behind one are 1.5 turns of a socket, not two', async () => {
    const readers = crowd(10 * sliceReceivers);
    fanOut.write(room, frame('first'), readers, () => {});
    for (let count = 1; count < 5; count++) await next(readers);
    for (let count = 0; count < 7; count++) fanOut.write(room, frame(`${count}`), readers, () => {});
    for (let count = 0; count < 12; count++) await next(readers);
    expect(readers.every(({ got }) => got.length === 8)).toBe(true);
    const writes = readers.reduce((sum, { turns }) => sum + new Set(turns).size, 0);
    expect(writes / (8 * readers.length)).toBeLessThan(0.19);
  });

  it('lets what is for others come in between, however much comes for all', async () => {
    const readers = crowd(3 * sliceReceivers);
    const [one] = readers as [Reader];
    fanOut.write(room, frame('all'), readers, () => {});
    fanOut.write(room, frame('alone'), [one], () => {});
    for (let count = 0; count < 6; count++) {
      fanOut.write(room, frame(`${count}`), readers, () => {});
      await turn();
    }
    expect(one.got.slice(0, 2)).toEqual(['all', 'alone'].map((text) => frame(text).packet));
  });

  it('lets a small room pass at once, and large ones take turns', async () => {
    const [large, other, small] = [crowd(4 * sliceReceivers), crowd(2 * sliceReceivers), crowd(2)];
    fanOut.write(room, frame('large'), large, () => {});
    fanOut.write({}, frame('other'), other, () => {});
    fanOut.write({}, frame('small'), small, () => {});
    expect(small.every(({ got }) => got.length === 1)).toBe(true);
    await turn();
    await turn();
    expect(other.every(({ got }) => got.length === 1)).toBe(true);
    expect(large.every(({ got }) => got.length === 1)).toBe(false);
  });

  it('holds no more than some frames back: then it writes all of the room', () => {
    const readers = crowd(3 * sliceReceivers);
    for (let count = 0; count <= maxWaiting; count++) fanOut.write(room, frame(`${count}`), readers, () => {});
    expect(readers.every(({ got }) => got.length === maxWaiting + 1)).toBe(true);
    expect(readers.at(-1)?.got.at(-1)).toBe(frame(`${maxWaiting}`).packet);
  });

  it('holds as many back as may wait, and goes on as usual once all of a room was written', async () => {
    const readers = crowd(sliceReceivers + 1);
    for (let count = 0; count < maxWaiting; count++) fanOut.write(room, frame(`${count}`), readers, () => {});
    expect(readers.at(-1)?.got).toEqual([]);
    fanOut.write(room, frame('last'), readers, () => {});
    expect(readers.at(-1)?.got.length).toBe(maxWaiting + 1);
    await turn();
    const others = crowd(2 * sliceReceivers);
    fanOut.write(room, frame('more'), others, () => {});
    await turn();
    expect(others.at(-1)?.got.length).toBe(1);
  });

  it('writes one slice a turn, however many rooms wait', async () => {
    const crowds = [crowd(3 * sliceReceivers), crowd(3 * sliceReceivers), crowd(3 * sliceReceivers)];
    const written = () => crowds.flat().filter(({ got }) => got.length > 0).length / sliceReceivers;
    for (const each of crowds) fanOut.write({}, frame('one'), each, () => {});
    expect(written()).toBe(3);
    for (let count = 4; count <= 9; count++) {
      await turn();
      expect(written()).toBe(count);
    }
  });
});

/** A turn of the event loop, whose number readers note. */
async function next(readers: readonly Reader[]): Promise<void> {
  await turn();
  for (const reader of readers) reader.turn += 1;
}

interface Reader {
  isOpen: boolean;
  turn: number;
  /** Of each frame that it got. */
  readonly turns: number[];
  readonly got: string[];
  deliver(frame: Frame): boolean;
}

function crowd(size: number): Reader[] {
  return Array.from({ length: size }, () => {
    const reader: Reader = {
      isOpen: true,
      turn: 0,
      turns: [],
      got: [],
      deliver({ packet }) {
        if (this.isOpen) this.got.push(packet);
        this.turns.push(this.turn);
        return this.isOpen;
      },
    };
    return reader;
  });
}

function frame(text: string): Frame {
  return eventFrame('newMessage', JSON.stringify(text));
}
