import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hasMore, pageExtent } from './history-position.js';

const room = fc.record({ head: fc.nat({ max: 500 }), floor: fc.integer({ min: 1, max: 600 }) });
const limit = fc.integer({ min: 1, max: 200 });

function ids(range: { from: number; to: number } | undefined): number[] {
  return range ? Array.from({ length: range.to - range.from + 1 }, (_, index) => range.from + index) : [];
}

function visible(floor: number, head: number): number[] {
  return ids(floor <= head ? { from: floor, to: head } : undefined);
}

it('walks back through exactly the visible messages', () => {
  fc.assert(
    fc.property(room, limit, ({ head, floor }, size) => {
      const seen: number[] = [];
      let extent = pageExtent({ kind: 'newest' }, size, floor, head);
      for (;;) {
        seen.unshift(...ids(extent.range));
        const isLast = seen.length === visible(floor, head).length;
        expect(hasMore('last', extent.range, floor, head)).toBe(!isLast);
        if (!extent.range || isLast) break;
        extent = pageExtent({ kind: 'before', id: extent.range.from }, size, floor, head);
      }
      expect(seen).toEqual(visible(floor, head));
    }),
  );
});

it('walks forward through exactly what lies above the cursor', () => {
  fc.assert(
    fc.property(room, limit, fc.nat({ max: 700 }), ({ head, floor }, size, cursor) => {
      const seen: number[] = [];
      for (let at = cursor; ; ) {
        const { range } = pageExtent({ kind: 'after', id: at }, size, floor, head);
        seen.push(...ids(range));
        const isLast = !range || range.to === head;
        expect(hasMore('first', range, floor, head)).toBe(!isLast);
        if (isLast) break;
        at = range.to;
      }
      expect(seen).toEqual(visible(floor, head).filter((id) => id > cursor));
    }),
  );
});

it('says truncated exactly when a message was asked for that the caller may not see', () => {
  expect(pageExtent({ kind: 'after', id: 4 }, 10, 8, 20)).toMatchObject({
    truncated: true,
    range: { from: 8, to: 17 },
  });
  expect(pageExtent({ kind: 'after', id: 7 }, 10, 8, 20)).toMatchObject({ truncated: false });
  expect(pageExtent({ kind: 'before', id: 8 }, 10, 8, 20)).toMatchObject({ truncated: true, range: undefined });
  expect(pageExtent({ kind: 'before', id: 1 }, 10, 1, 20)).toMatchObject({ truncated: false, range: undefined });
  expect(pageExtent({ kind: 'newest' }, 10, 21, 20)).toMatchObject({ truncated: false, range: undefined });
  expect(pageExtent({ kind: 'before', id: 10 }, 10, 8, 20)).toMatchObject({ truncated: false });
  expect(pageExtent({ kind: 'before', id: 9 }, 10, 8, 20)).toMatchObject({
    truncated: false,
    range: { from: 8, to: 8 },
  });
});

it('keeps the end of a page that paging goes on from', () => {
  expect(pageExtent({ kind: 'newest' }, 10, 1, 20)).toEqual({
    range: { from: 11, to: 20 },
    anchor: 'last',
    truncated: false,
  });
  expect(pageExtent({ kind: 'before', id: 11 }, 10, 1, 20).anchor).toBe('last');
  expect(pageExtent({ kind: 'after', id: 0 }, 10, 1, 20).anchor).toBe('first');
});

it('has nothing more behind an empty page', () => {
  expect([hasMore('first', undefined, 1, 9), hasMore('last', undefined, 1, 9)]).toEqual([false, false]);
});
