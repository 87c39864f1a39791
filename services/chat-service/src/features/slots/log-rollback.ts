import type { RoomId } from '@parlance/proto';
import type { MongoRoomStore } from '../rooms/mongo-room-store.js';
import { segmentOf } from '../rooms/segment.js';
import type { MongoMessageStore } from './mongo-message-store.js';

/**
 * Finds a log that has gone back although its epoch was not raised, as after a backup that was put back by hand. Whoever asks
 * has seen more than a read at majority has shown: then the log has gone back, or the answer is merely old, from a primary
 * that was just deposed and answers `majority` reads for some seconds more. So both reads here are linearizable.
 */
export class LogRollback {
  constructor(
    private readonly rooms: Pick<MongoRoomStore, 'readLatest' | 'beginEpoch'>,
    private readonly messages: Pick<MongoMessageStore, 'hasMessage'>,
  ) {}

  /**
   * Whether the message `head`, the room event `rev` or the epoch that was seen is there no longer.
   * @throws STORE_UNAVAILABLE.
   */
  async hasHappened(roomId: RoomId, seen: SeenPlace): Promise<boolean> {
    return (await this.find(roomId, seen)) !== undefined;
  }

  /**
   * The same, and begins a new epoch where it has happened, by which everybody else learns of it. Only for what a gateway has
   * seen: a client may claim what it likes.
   */
  async declare(roomId: RoomId, seen: SeenPlace): Promise<boolean> {
    const epoch = await this.find(roomId, seen);
    if (epoch !== undefined) await this.rooms.beginEpoch(roomId, epoch);
    return epoch !== undefined;
  }

  /**
   * Whether a room that was seen is there no longer, by a linearizable read.
   * @throws STORE_UNAVAILABLE.
   */
  async isGone(roomId: RoomId): Promise<boolean> {
    return (await this.rooms.readLatest(roomId)) === undefined;
  }

  /** The epoch at which a log stands that has gone back. */
  private async find(roomId: RoomId, seen: SeenPlace): Promise<number | undefined> {
    const room = await this.rooms.readLatest(roomId);
    if (!room) return undefined;
    if (seen.epoch > room.epoch || seen.rev > room.rev + room.unlogged.length) return room.epoch;
    const segment = segmentOf(room, seen.head);
    const isGone = segment && !(await this.messages.hasMessage(segment.monthYear, roomId, seen.head));
    return isGone ? room.epoch : undefined;
  }
}

/** How much of a room somebody has seen. */
export interface SeenPlace {
  readonly head: number;
  readonly rev: number;
  /** 0 when it is not known. */
  readonly epoch: number;
}
