import { Writable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { beforeEach, expect, it } from 'vitest';
import { TurnWrites } from './turn-writes.js';

let counted: number;
let writes: TurnWrites;

beforeEach(() => {
  counted = 0;
  writes = new TurnWrites((some) => void (counted += some));
});

it('sends what a socket is written in one turn in one write at its end, in order', async () => {
  const [one, two] = [new Sink(), new Sink()];
  for (const text of ['a', 'b', 'c']) writes.write(one, Buffer.from(text));
  writes.write(two, Buffer.from('d'));
  expect(one.got).toEqual([]);
  await turn();
  expect([one.got, two.got, counted]).toEqual([['abc'], ['d'], 2]);
  writes.write(one, Buffer.from('e'));
  await turn();
  expect([one.got, counted]).toEqual([['abc', 'e'], 3]);
});

it('keeps the place of what is written past it, and loses nothing when the socket ends', async () => {
  const sink = new Sink();
  writes.write(sink, Buffer.from('a'));
  sink.write('b');
  sink.end('c');
  await turn();
  await turn();
  expect(sink.got.join('')).toBe('abc');
});

it('does not hold back more than 64 KiB of a socket', () => {
  const sink = new Sink();
  for (let count = 0; count < 5; count++) writes.write(sink, Buffer.alloc(16 * 1024, 'x'));
  expect(sink.got.map(({ length }) => length)).toEqual([64 * 1024]);
});

class Sink extends Writable {
  readonly got: string[] = [];

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.got.push(chunk.toString());
    done();
  }

  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    this.got.push(Buffer.concat(chunks.map(({ chunk }) => chunk)).toString());
    done();
  }
}
