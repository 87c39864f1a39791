import type { Bounds } from '../bounds.js';

/** All renamings of messages that exchange writers with equally many messages; the first changes nothing. */
export function writerPermutations({ writers }: Bounds): readonly (readonly number[])[] {
  const starts = writers.map((_, writer) => writers.slice(0, writer).reduce((sum, count) => sum + count, 0));
  return orders(writers.map((_, writer) => writer))
    .filter((order) => order.every((writer, place) => writers[writer] === writers[place]))
    .map((order) =>
      order.flatMap((writer) =>
        Array.from({ length: writers[writer] ?? 0 }, (_, index) => (starts[writer] ?? 0) + index),
      ),
    );
}

function orders(items: readonly number[]): number[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item) => orders(items.filter((other) => other !== item)).map((rest) => [item, ...rest]));
}
