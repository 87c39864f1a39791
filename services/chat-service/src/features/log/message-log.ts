import type { RoomId } from '@parlance/proto';
import type { StoredRoom } from '../rooms/mongo-room-store.js';
import type { StoredSlot } from '../slots/message-store.js';
import type { MongoMessageStore } from '../slots/mongo-message-store.js';
import { GroupCommit } from './group-commit.js';
import type { PendingSend, SendResult } from './pending-send.js';
import { RoomLog } from './room-log.js';
import type { Committed, RoomLogPorts } from './room-log-ports.js';
import { SealedSegments } from './sealed-segments.js';
import type { SegmentChain } from './segment-chain.js';

/** A room's writing end is forgotten when nothing was sent for this long. */
const idleMs = 5 * 60_000;

/** What the log takes from its surroundings. */
export interface MessageLogSurroundings {
  /** Unix milliseconds. */
  now(): number;
  /** Resolves when the next try after `retries` failures in a row is due. */
  backoff(retries: number): Promise<void>;
  /** Calls back at a time in Unix milliseconds, or earlier. */
  alarm(at: number, ring: () => void): void;
  /** Announces committed messages, ascending (R9). Must not throw. */
  committed(roomId: string, messages: readonly Committed[]): void;
  /** Messages in an insert command that is about to go. */
  batch(size: number): void;
}

/** The log of all rooms on this pod: one {@link RoomLog} each, insert commands made across them. */
export class MessageLog {
  private readonly rooms = new Map<string, RoomLog>();
  private readonly ports: RoomLogPorts;
  private readonly sealed: SealedSegments;

  constructor(
    private readonly store: MongoMessageStore,
    chain: SegmentChain,
    private readonly surroundings: MessageLogSurroundings,
  ) {
    this.sealed = new SealedSegments(store, () => surroundings.now());
    const commit = new GroupCommit((month, slots, ordered) => {
      surroundings.batch(slots.length);
      return store.insert(month, slots, ordered);
    });
    this.ports = {
      now: () => surroundings.now(),
      backoff: (retries) => surroundings.backoff(retries),
      alarm: (at, ring) => surroundings.alarm(at, ring),
      offer: (room) => commit.offer(room),
      readTail: (roomId) => chain.readTail(roomId as RoomId),
      closeMonth: (roomId, tail) => chain.closeMonth(roomId as RoomId, tail),
      findStored: (roomId, { monthYear }, sends, sealed) =>
        sealed ? this.sealed.find(roomId, monthYear, sends) : store.findByClientKeys(monthYear, roomId, sends),
      committed: (roomId, messages) => surroundings.committed(roomId, messages),
    };
  }

  /** Appends a message to a room's log, or finds the one that an earlier attempt has stored. */
  append(roomId: RoomId, send: PendingSend): Promise<SendResult> {
    const room = this.rooms.get(roomId) ?? new RoomLog(roomId, this.ports);
    this.rooms.set(roomId, room);
    return room.submit(send);
  }

  /** The message that a sender stored under this client id in the room's last two segments, or undefined (R5). */
  async findEarlier(room: StoredRoom, send: PendingSend): Promise<StoredSlot | undefined> {
    const [last, previous] = room.segments.slice(-2).toReversed();
    const [slot] = last ? await this.store.findByClientKeys(last.monthYear, room.roomId, [send]) : [];
    if (slot || !previous) return slot;
    return (await this.sealed.find(room.roomId, previous.monthYear, [send]))[0];
  }

  /**
   * The erased message that had this client id, in the room's last two segments; `name` is the hash that it has now. What is
   * remembered of a sealed segment may be older than the erasure, so it is not asked.
   */
  async findErased(room: StoredRoom, { senderId }: PendingSend, name: string): Promise<StoredSlot | undefined> {
    const key = { senderId, clientMessageId: name };
    for (const [back, { monthYear }] of room.segments.slice(-2).toReversed().entries()) {
      const level = back === 0 ? 'majority' : 'linearizable';
      const [slot] = await this.store.findByClientKeys(monthYear, room.roomId, [key], level);
      if (slot) return slot;
    }
    return undefined;
  }

  /** The room's log is another one, or may be: its end is read again before anything is written. */
  forget(roomId: string): void {
    this.sealed.forget(roomId);
    this.rooms.get(roomId)?.forgetTail();
  }

  /** Forgets rooms without traffic; the next send reads their tail again. */
  forgetIdle(): void {
    const before = this.surroundings.now() - idleMs;
    for (const [roomId, room] of this.rooms) {
      if ((room.idleSince ?? Number.POSITIVE_INFINITY) < before) this.rooms.delete(roomId);
    }
    this.sealed.forgetIdle();
  }
}
