import { createHash } from 'node:crypto';
import type { Long } from 'mongodb';
import { ArchiveFault } from '../archive-fault.js';
import type { RecordCounts } from '../format/manifest.js';
import { compareRoomIds, type SlotPosition } from '../records/slot-order.js';

/** What a run of records holds. */
export interface SegmentContent extends RecordCounts {
  readonly first: SlotPosition;
  readonly last: SlotPosition;
  /** Bytes of all lines with their line feeds. */
  readonly rawBytes: number;
  /** SHA-256 of all lines with their line feeds. */
  readonly contentSha256: string;
  /** SHA-256 of a line `[roomId,firstId,lastId,records]` a room, with line feeds. */
  readonly roomsSha256: string;
}

/** What is counted of a record. */
export interface CountedRecord {
  readonly roomId: string;
  readonly messageId: number | Long;
  readonly kind?: 'seal' | 'void' | undefined;
}

/**
 * Counts and hashes records in their order, the same way when they are archived, verified in the store and read once more
 * from the collection. Memory does not grow with them.
 */
export class ContentTally {
  private readonly content = createHash('sha256');
  private readonly rooms = createHash('sha256');
  private readonly counts = { records: 0, messages: 0, seals: 0, voids: 0, rooms: 0, holes: 0 };
  private rawBytes = 0;
  private first: SlotPosition | undefined;
  private room: { readonly roomId: string; readonly firstId: number; lastId: number; records: number } | undefined;

  /** Records of it so far. */
  get records(): number {
    return this.counts.records;
  }

  /**
   * Takes the next record; answers its position.
   * @throws ArchiveFault `misused` when it does not come after the one before.
   */
  add(record: CountedRecord): SlotPosition {
    const { roomId, messageId: id } = record;
    const position = { roomId, messageId: typeof id === 'number' ? id : id.toNumber() };
    const room = this.room;
    if (room && room.roomId === position.roomId) {
      if (position.messageId <= room.lastId) throw outOfOrder(position);
      this.counts.holes += position.messageId - room.lastId - 1;
      room.lastId = position.messageId;
      room.records++;
    } else {
      if (room && compareRoomIds(room.roomId, position.roomId) >= 0) throw outOfOrder(position);
      this.endRoom();
      this.room = { roomId: position.roomId, firstId: position.messageId, lastId: position.messageId, records: 1 };
      this.counts.rooms++;
    }
    this.first ??= position;
    this.counts.records++;
    if (record.kind === undefined) this.counts.messages++;
    else if (record.kind === 'seal') this.counts.seals++;
    else this.counts.voids++;
    return position;
  }

  /** Takes the lines of records that were added, with their line feeds, in order. */
  hash(lines: Uint8Array | string): void {
    this.content.update(lines);
    this.rawBytes += Buffer.byteLength(lines);
  }

  /**
   * What came. It takes no more after that.
   * @throws ArchiveFault `misused` when nothing came.
   */
  end(): SegmentContent {
    const room = this.room;
    if (!room || !this.first) throw new ArchiveFault('misused', 'a segment needs at least one record');
    this.endRoom();
    return {
      ...this.counts,
      first: this.first,
      last: { roomId: room.roomId, messageId: room.lastId },
      rawBytes: this.rawBytes,
      contentSha256: this.content.digest('hex'),
      roomsSha256: this.rooms.digest('hex'),
    };
  }

  private endRoom(): void {
    if (!this.room) return;
    const { roomId, firstId, lastId, records } = this.room;
    this.rooms.update(`${JSON.stringify([roomId, firstId, lastId, records])}\n`);
  }
}

function outOfOrder({ roomId, messageId }: SlotPosition): ArchiveFault {
  return new ArchiveFault('misused', `record ${messageId} of room ${JSON.stringify(roomId)} comes out of order`);
}
