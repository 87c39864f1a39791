import type { SlotRange } from './cluster-node.js';

/** Hash slots of any Redis Cluster. */
export const clusterSlots = 16_384;

/** Number of slots in some ranges. */
export function countSlots(ranges: readonly SlotRange[]): number {
  return ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);
}

/** The slots that none of some ranges covers, ascending. */
export function slotsOutside(ranges: readonly SlotRange[]): readonly SlotRange[] {
  const outside: SlotRange[] = [];
  let next = 0;
  for (const [first, last] of ranges.toSorted(([a], [b]) => a - b)) {
    if (first > next) outside.push([next, first - 1]);
    next = Math.max(next, last + 1);
  }
  return next < clusterSlots ? [...outside, [next, clusterSlots - 1]] : outside;
}

/** Cuts ranges into parts as equal as possible, in their order; each part is as few ranges as can be. */
export function shareSlots(ranges: readonly SlotRange[], parts: number): readonly (readonly SlotRange[])[] {
  const total = countSlots(ranges);
  return Array.from({ length: parts }, (_, index) =>
    piece(ranges, Math.floor((index * total) / parts), Math.floor(((index + 1) * total) / parts)),
  );
}

/** The slots at places `from` to `to` (not included) of the ranges laid one behind the other. */
function piece(ranges: readonly SlotRange[], from: number, to: number): readonly SlotRange[] {
  const taken: SlotRange[] = [];
  let passed = 0;
  for (const [first, last] of ranges) {
    const begin = first + Math.max(0, from - passed);
    const end = Math.min(last, first + to - passed - 1);
    if (begin <= end) taken.push([begin, end]);
    passed += last - first + 1;
  }
  return taken;
}

/** "0-5460, 7000" */
export function renderSlots(ranges: readonly SlotRange[]): string {
  return ranges.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`)).join(', ');
}
