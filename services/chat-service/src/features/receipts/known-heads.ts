import type { RoomId } from '@parlance/proto';
import type { Committed } from '../log/pending-send.js';
import type { StoredRoom } from '../rooms/stored-room.js';
import type { LogReader } from '../slots/log-reader.js';

/** A head is remembered for this many rooms; more only mean reading it again. */
const rememberedHeads = 10_000;

/**
 * Heads that were read, and those of messages that this pod has committed: lower bounds of what they are now, in the same
 * epoch of a room's log. Who reports a message that this pod has stored costs no reading.
 */
export class KnownHeads {
  private readonly heads = new Map<string, { readonly epoch: number; readonly head: number }>();
  /** Heads being read. */
  private readonly reading = new Map<RoomId, { readonly epoch: number; readonly head: Promise<number> }>();

  constructor(private readonly log: Pick<LogReader, 'head'>) {}

  /** Messages that this pod has stored, ascending, under the epoch that the newest of their senders knew. */
  committed(roomId: string, committed: readonly Committed[]): void {
    const epoch = Math.max(...committed.map(({ send }) => send.place.epoch));
    this.note(roomId, epoch, committed.at(-1)?.slot.messageId ?? 0);
  }

  /**
   * Whether the log reaches a message. Readers of one room share a reading, unless it began too early to know of it.
   * @throws STORE_UNAVAILABLE.
   */
  async reaches(room: StoredRoom, messageId: number): Promise<boolean> {
    const roomId = room.roomId as RoomId;
    const { epoch } = room;
    const known = this.heads.get(roomId);
    if (known?.epoch === epoch && messageId <= known.head) return true;
    const underWay = this.reading.get(roomId);
    if (underWay?.epoch === epoch && messageId <= (await underWay.head)) return true;
    const reading = { epoch, head: this.log.head(room).then(({ head }) => head) };
    this.reading.set(roomId, reading);
    try {
      const head = await reading.head;
      this.note(roomId, epoch, head);
      return messageId <= head;
    } finally {
      if (this.reading.get(roomId) === reading) this.reading.delete(roomId);
    }
  }

  /** A room's log of this epoch reaches at least so far. */
  private note(roomId: string, epoch: number, head: number): void {
    const known = this.heads.get(roomId);
    if (known && known.epoch > epoch) return;
    this.heads.set(roomId, { epoch, head: Math.max(head, known?.epoch === epoch ? known.head : 0) });
    if (this.heads.size > rememberedHeads) this.heads.delete(this.heads.keys().next().value ?? roomId);
  }
}
