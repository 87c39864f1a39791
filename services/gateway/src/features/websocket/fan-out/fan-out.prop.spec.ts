import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { eventFrame, type Frame } from '../transport/frame.js';
import { FanOut, sliceReceivers } from './fan-out.js';

const size = 2 * sliceReceivers + 50;

it('gives each receiver all that is for it, once, in the order of writing, whatever comes between turns', async () => {
  const frames = fc.record({
    kind: fc.constantFrom('all' as const, 'all' as const, 'half' as const, 'one' as const, 'nobody' as const),
    at: fc.nat(size - 1),
  });
  const step = fc.oneof(frames, fc.record({ kind: fc.constant('turn' as const), at: fc.constant(0) }));
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const readers = Array.from({ length: size }, () => new Reader());
      const fanOut = new FanOut<object, Reader>();
      const room = {};
      const expected = new Map(readers.map((reader) => [reader, [] as string[]]));
      const counts = { told: 0, written: 0 };
      for (const [number, { kind, at }] of steps.entries()) {
        if (kind === 'turn') {
          await turn();
          continue;
        }
        const some = { all: readers, half: readers.slice(at), one: readers.slice(at, at + 1), nobody: [] }[kind];
        const frame = eventFrame('newMessage', String(number));
        for (const reader of some) expected.get(reader)?.push(frame.packet);
        counts.written += some.length;
        fanOut.write(room, frame, some, (count) => (counts.told += count));
      }
      for (let count = 0; count < 4 * steps.length && counts.told < counts.written; count++) await turn();
      for (const reader of readers) expect(reader.got).toEqual(expected.get(reader));
      expect(counts.told).toBe(counts.written);
    }),
    { numRuns: 60 },
  );
});

class Reader {
  readonly got: string[] = [];

  deliver({ packet }: Frame): boolean {
    this.got.push(packet);
    return true;
  }
}
