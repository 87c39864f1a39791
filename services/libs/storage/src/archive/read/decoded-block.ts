import type { SlotDocument } from '../../documents/message-document.js';
import { ArchiveFault } from '../archive-fault.js';
import { partHash } from '../format/archive-hash.js';
import type { IndexRow } from '../format/index-row.js';
import { parseLine } from '../records/parse-line.js';
import { compareSlots, type SlotPosition } from '../records/slot-order.js';

const text = String.raw`"(?:[^"\\]|\\.)*"`;
const number = String.raw`\{"\$numberLong":"(-?\d+)"\}`;

const beginning = new RegExp(
  String.raw`^\{"_id":(?:${text}|\{[^{}]*\}),"monthYear":${text},"roomId":(${text}),"messageId":${number}` +
    String.raw`(?:,"timestamp":\{"\$date":\{"\$numberLong":"-?\d+"\}\},"kind":"(seal|void)")?`,
);

/** The lines of a block, with the position of each; documents are made of them when they are asked for. */
export class DecodedBlock {
  private readonly lines: readonly string[];
  /** Where its records stand, and what kind they are. */
  readonly positions: readonly RecordPosition[];

  /** @throws ArchiveFault `damaged` when the lines are not those that the row tells of. */
  constructor(
    readonly raw: Buffer,
    row: IndexRow,
    name: string,
  ) {
    this.lines = raw.toString('utf8', 0, raw.length - 1).split('\n');
    try {
      this.positions = this.lines.map(positionOf);
    } catch (thrown) {
      throw new ArchiveFault('damaged', `${name}: the block at ${row.offset} holds a line that is no record`, {
        cause: thrown,
      });
    }
    const [first] = this.positions;
    const last = this.positions.at(-1);
    const fits = first && last && compareSlots(first, row.first) === 0 && compareSlots(last, row.last) === 0;
    if (!fits || this.lines.length !== row.records) {
      throw new ArchiveFault('damaged', `${name}: the block at ${row.offset} holds other records than its row tells`);
    }
  }

  /** Its records. */
  get slots(): SlotDocument[] {
    return this.lines.map(parseLine);
  }

  /** Records of a room with ids from `from` to `to`. */
  slotsOf(roomId: string, from: number, to: number): SlotDocument[] {
    const slots: SlotDocument[] = [];
    for (const [index, position] of this.positions.entries()) {
      if (position.roomId !== roomId || position.messageId < from || position.messageId > to) continue;
      slots.push(parseLine(this.lines[index] ?? ''));
    }
    return slots;
  }

  /** Ids of a room in it: the first and the last one; undefined when it has none. */
  boundsOf(roomId: string): { readonly firstId: number; readonly lastId: number } | undefined {
    const ids = this.positions.filter((position) => position.roomId === roomId).map(({ messageId }) => messageId);
    const [firstId] = ids;
    const lastId = ids.at(-1);
    return firstId === undefined || lastId === undefined ? undefined : { firstId, lastId };
  }
}

/**
 * Compares a block as it is stored with the hash of its row.
 * @throws ArchiveFault `damaged`.
 */
export function checkBlock({ key }: { readonly key: string }, row: IndexRow, stored: Buffer): void {
  if (partHash(stored) === row.hash) return;
  throw new ArchiveFault('damaged', `${key}: the block at ${row.offset} is damaged`);
}

/** Bytes that a decoded block counts as in a cache: its text, and an entry a line. */
export function weightOf({ rawLength, records }: IndexRow): number {
  return rawLength * 2 + records * 100;
}

/** Where a record stands, and what it is; as in its document. */
export interface RecordPosition extends SlotPosition {
  readonly kind?: 'seal' | 'void';
}

/** Reads no more of a line than its beginning, where the fields are in a fixed order. */
function positionOf(line: string): RecordPosition {
  const [, roomId, messageId, kind] = beginning.exec(line) ?? [];
  if (roomId === undefined) throw new Error('not the beginning of a record');
  const position = { roomId: JSON.parse(roomId) as string, messageId: Number(messageId) };
  return kind === 'seal' || kind === 'void' ? { ...position, kind } : position;
}
