import type { MonthYear } from '@parlance/storage';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type AuditedLog, headOf, logFindingOf, runsMissing, type SegmentEnds } from './log-faults.js';

const [first, second] = ['2026-08', '2026-09'] as MonthYear[] as [MonthYear, MonthYear];
const ends = (firstId: number, lastId: number, lastKind: 'seal' | 'void' | null = null): SegmentEnds => ({
  firstId,
  lastId,
  lastKind,
});
const noted = (notedHead: number, segment: AuditedLog['segments'][number]): AuditedLog['segments'][number] => ({
  ...segment,
  notedHead,
});
const log = (
  one: AuditedLog['segments'][number]['ends'],
  two: AuditedLog['segments'][number]['ends'],
  marks: AuditedLog['marks'] = [],
): AuditedLog => ({
  roomId: 'r',
  segments: [
    { monthYear: first, firstId: 1, ends: one },
    { monthYear: second, firstId: 11, ends: two },
  ],
  marks,
});

it.each<[string, AuditedLog, unknown[]]>([
  ['a chain of two months', log(ends(1, 11, 'seal'), ends(11, 20)), []],
  ['a silent last month', log(ends(1, 11, 'seal'), undefined), []],
  ['a sealed last month', log(ends(1, 11, 'seal'), ends(11, 21, 'seal')), []],
  ['a month in the archive', log('unread', ends(11, 20)), []],
  [
    'the first slots missing',
    log(ends(3, 11, 'seal'), undefined),
    [{ kind: 'hole', fromId: 1, toId: 2, isSealed: false }],
  ],
  ['the seal missing', log(ends(1, 10), undefined), [{ kind: 'hole', fromId: 11, toId: 11, isSealed: true }]],
  ['the end missing', log(ends(1, 7), undefined), [{ kind: 'hole', fromId: 8, toId: 11, isSealed: true }]],
  ['all of a month missing', log(undefined, ends(11, 12)), [{ kind: 'hole', fromId: 1, toId: 11, isSealed: true }]],
  [
    'a message in the slot of the seal',
    log(ends(1, 11), undefined),
    [{ kind: 'chain', text: expect.stringContaining('slot 11 is no seal') }],
  ],
  [
    'a slot behind the seal',
    log(ends(1, 12), undefined),
    [{ kind: 'chain', text: expect.stringContaining('slot 12') }],
  ],
  [
    'a slot before the first',
    log(ends(1, 11, 'seal'), ends(10, 12)),
    [{ kind: 'chain', text: expect.stringContaining('slot 10') }],
  ],
  [
    'a mark above the head',
    log(ends(1, 11, 'seal'), ends(11, 20), [{ userId: 'a', mark: 'readUpTo', value: 21 }]),
    [{ kind: 'mark', head: 20 }],
  ],
  [
    'a mark at the head',
    log(ends(1, 11, 'seal'), ends(11, 21, 'seal'), [{ userId: 'a', mark: 'readUpTo', value: 20 }]),
    [],
  ],
])('finds of %s what is wrong', (_, audited, faults) => {
  expect(logFindingOf(audited).faults).toMatchObject(faults);
  expect(logFindingOf(audited).faults).toHaveLength(faults.length);
});

it.each<[string, number, AuditedLog['segments'][number]['ends'], unknown[]]>([
  ['the head before its seal', 19, ends(11, 20, 'seal'), []],
  ['none of a room without messages there', 10, ends(11, 11, 'seal'), []],
  ['less than the head', 18, ends(11, 20, 'seal'), [{ kind: 'end', notedHead: 18, head: 19 }]],
  ['more than the head', 25, ends(11, 20, 'seal'), [{ kind: 'end', notedHead: 25, head: 19 }]],
  ['an end where no seal stands', 20, ends(11, 20), [{ kind: 'end', notedHead: 20, head: undefined }]],
  ['an end where nothing stands', 15, undefined, [{ kind: 'end', notedHead: 15, head: undefined }]],
  ['an end in the archive, where nothing tells another', 15, 'unread', []],
])('compares the noted end of a last segment with its seal: %s', (_, notedHead, standing, faults) => {
  const [before, last] = log(ends(1, 11, 'seal'), standing).segments;
  if (!before || !last) throw new Error('two segments');
  expect(logFindingOf({ roomId: 'r', segments: [before, noted(notedHead, last)], marks: [] }).faults).toEqual(
    faults.map((fault) => ({ monthYear: second, ...(fault as object) })),
  );
});

it('compares the noted end of an older segment with where the next one begins, also when its month is in the archive', () => {
  const [one, two] = log('unread', ends(11, 20)).segments;
  if (!one || !two) throw new Error('two segments');
  const found = (head: number) => logFindingOf({ roomId: 'r', segments: [noted(head, one), two], marks: [] }).faults;
  expect(found(10)).toEqual([]);
  expect(found(12)).toEqual([{ kind: 'end', monthYear: first, notedHead: 12, head: 10 }]);
});

it('knows how many slots fit between the ends', () => {
  expect([...logFindingOf(log(ends(1, 11, 'seal'), ends(11, 20))).slots]).toEqual([
    [first, 11],
    [second, 10],
  ]);
});

it('takes the head from the last segment, whatever it has', () => {
  expect(headOf({ monthYear: first, firstId: 5, ends: undefined })).toBe(4);
  expect(headOf({ monthYear: first, firstId: 5, ends: ends(5, 9, 'void') })).toBe(9);
  expect(headOf(undefined)).toBe(0);
});

it('names exactly the ids that are missing', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 60 })), (ids) => {
      const missing = runsMissing(
        ids.toSorted((one, other) => one - other),
        1,
        60,
      );
      const named = missing.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (__, index) => from + index));
      expect([...named, ...ids].toSorted((one, other) => one - other)).toEqual(
        Array.from({ length: 60 }, (__, index) => index + 1),
      );
    }),
  );
});
