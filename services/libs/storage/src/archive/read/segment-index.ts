import { ArchiveFault } from '../archive-fault.js';
import { partHash, sha256Hex } from '../format/archive-hash.js';
import { decodeRows, endOf, firstRowAtOrAfter, type IndexRow } from '../format/index-row.js';
import type { SegmentEntry } from '../format/manifest.js';
import type { PartCodec } from '../format/part-codec.js';
import { compareSlots, type SlotPosition } from '../records/slot-order.js';
import type { ArchiveStore } from '../store/archive-store.js';
import type { ByteLru } from './byte-lru.js';

/** A row as an object takes about so many times the bytes that it has as text. */
const rowWeight = 3;

/** The index of one segment; its root and leaves are loaded when they are needed, one ranged read each. */
export class SegmentIndex {
  constructor(
    private readonly store: ArchiveStore,
    private readonly segment: SegmentEntry,
    private readonly codec: () => Promise<PartCodec>,
    private readonly cache: ByteLru,
  ) {}

  /**
   * Rows of the leaves.
   * @throws ArchiveFault.
   */
  root(): Promise<IndexRow[]> {
    const { key, root } = this.segment;
    return this.cache.getOrLoad(`${key}#${root.offset}`, root.rawLength * rowWeight, async () => {
      const stored = await this.store.get(key, root);
      if (sha256Hex(stored) !== root.sha256)
        throw new ArchiveFault('damaged', `${key}: the root of its index is damaged`);
      const raw = (await this.codec()).unpack('root', stored, root.offset, root.rawLength, key);
      return decodeRows(raw, key);
    });
  }

  /**
   * Rows of the blocks that a leaf describes.
   * @throws ArchiveFault.
   */
  leaf(row: IndexRow): Promise<IndexRow[]> {
    const { key } = this.segment;
    return this.cache.getOrLoad(`${key}#${row.offset}`, row.rawLength * rowWeight, async () => {
      const stored = await this.store.get(key, row);
      if (partHash(stored) !== row.hash) {
        throw new ArchiveFault('damaged', `${key}: the leaf of its index at ${row.offset} is damaged`);
      }
      const raw = (await this.codec()).unpack('leaf', stored, row.offset, row.rawLength, key);
      const rows = decodeRows(raw, key);
      if (rows.reduce((sum, { records }) => sum + records, 0) !== row.records) {
        throw new ArchiveFault('damaged', `${key}: the leaf of its index at ${row.offset} tells of other records`);
      }
      return rows;
    });
  }

  /** Blocks that may hold records from one position to another, both included, in order; they lie side by side. */
  async blocks(from: SlotPosition, to: SlotPosition): Promise<IndexRow[]> {
    const found: IndexRow[] = [];
    for (const leaf of overlapping(await this.root(), from, to)) {
      found.push(...overlapping(await this.leaf(leaf), from, to));
    }
    return found;
  }
}

/** Rows of which a part may lie between two positions. */
export function overlapping<Row extends { readonly first: SlotPosition; readonly last: SlotPosition }>(
  rows: readonly Row[],
  from: SlotPosition,
  to: SlotPosition,
): Row[] {
  const found: Row[] = [];
  for (let index = firstRowAtOrAfter(rows, from); index < rows.length; index++) {
    const row = rows[index];
    if (!row || compareSlots(row.first, to) > 0) break;
    found.push(row);
  }
  return found;
}

/** The bytes from the beginning of the first row to the end of the last one. */
export function spanOf(rows: readonly [IndexRow, ...IndexRow[]]): { readonly offset: number; readonly length: number } {
  const [first] = rows;
  const last = rows.at(-1) ?? first;
  return { offset: first.offset, length: endOf(last) - first.offset };
}
