import { ArchiveFault } from '../archive-fault.js';
import { compareSlots, type SlotPosition } from '../records/slot-order.js';
import type { PartPlace } from './segment-trailer.js';

/** A row of an index: what part of a segment holds which records. In a leaf the part is a block, in the root a leaf. */
export interface IndexRow extends PartPlace {
  /** First record. */
  readonly first: SlotPosition;
  /** Last record. */
  readonly last: SlotPosition;
  /** How many records it holds. */
  readonly records: number;
  /** Bytes when it is unpacked. */
  readonly rawLength: number;
  /** `partHash` of the bytes as they are stored. */
  readonly hash: string;
}

/** Blocks that one leaf describes, at most. */
export const rowsOfLeaf = 256;

/** Rows as text: a JSON array a line. */
export function encodeRows(rows: readonly IndexRow[]): Buffer {
  const lines = rows.map(({ first, last, offset, length, records, rawLength, hash }) =>
    JSON.stringify([
      first.roomId,
      first.messageId,
      last.roomId,
      last.messageId,
      offset,
      length,
      records,
      rawLength,
      hash,
    ]),
  );
  return Buffer.from(`${lines.join('\n')}\n`);
}

/** Reads rows. Throws ArchiveFault `damaged` when a row is not one, or they do not follow each other. */
export function decodeRows(bytes: Buffer, name: string): IndexRow[] {
  const rows: IndexRow[] = [];
  for (const line of bytes.toString().split('\n')) {
    if (line === '') continue;
    const row = rowOf(line);
    const before = rows.at(-1);
    const follows =
      !before || (compareSlots(before.last, row?.first ?? before.last) < 0 && endOf(before) === row?.offset);
    if (!row || !follows) throw new ArchiveFault('damaged', `${name}: row ${rows.length} of the index is not one`);
    rows.push(row);
  }
  return rows;
}

/** The offset behind a part. */
export function endOf({ offset, length }: PartPlace): number {
  return offset + length;
}

/** Index of the first row that may hold records at or after a position; `rows.length` when none does. */
export function firstRowAtOrAfter(rows: readonly { readonly last: SlotPosition }[], position: SlotPosition): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const row = rows[middle];
    if (row && compareSlots(row.last, position) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function rowOf(line: string): IndexRow | undefined {
  const values: unknown = parsed(line);
  if (!Array.isArray(values) || values.length !== 9) return undefined;
  const [firstRoom, firstId, lastRoom, lastId, offset, length, records, rawLength, hash] = values as unknown[];
  const texts = [firstRoom, lastRoom, hash].every((value) => typeof value === 'string');
  const numbers = [firstId, lastId, offset, length, records, rawLength].every((value) => Number.isSafeInteger(value));
  if (!texts || !numbers) return undefined;
  return {
    first: { roomId: firstRoom as string, messageId: firstId as number },
    last: { roomId: lastRoom as string, messageId: lastId as number },
    offset: offset as number,
    length: length as number,
    records: records as number,
    rawLength: rawLength as number,
    hash: hash as string,
  };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
