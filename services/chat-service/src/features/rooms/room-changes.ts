import { ChatError, type RoomId } from '@parlance/proto';
import type { CallContext } from '../../call-context.js';
import { onceIssued } from '../../errors/mongo-errors.js';
import type { EventPublisher } from '../../events/event-publisher.js';
import type { LogEnd, LogReader } from '../messages/log-reader.js';
import type { MongoRoomEventStore, NewRoomEvent } from './mongo-room-event-store.js';
import type { MongoRoomStore } from './mongo-room-store.js';
import type { RoomDirectory, RoomView } from './room-directory.js';

/** What changing a room works with. */
export interface RoomChangePorts {
  readonly rooms: MongoRoomStore;
  readonly events: MongoRoomEventStore;
  readonly directory: RoomDirectory;
  readonly log: LogReader;
  readonly publisher: EventPublisher;
  now(): number;
}

/** What has happened in a room, without what every event has. */
export type RoomChange = Omit<NewRoomEvent, 'roomId' | 'by' | 'at'>;

/** A room after a change, with the end of its log. */
export interface ChangedRoom {
  readonly view: RoomView;
  readonly end: LogEnd;
}

/**
 * The one way in which a room changes once it exists: its documents are written first, then the room events, then
 * `memberRev` and `rev` of the room are raised, and what is published comes last (R13). Whoever dies on the way leaves
 * documents that are read anew within a minute.
 */
export class RoomChanges {
  constructor(private readonly ports: RoomChangePorts) {}

  /** Carries out a change. `write` changes the documents; the events then tell of it. */
  async apply(
    roomId: RoomId,
    { userId, trace }: CallContext,
    changes: readonly RoomChange[],
    write: () => Promise<unknown>,
  ): Promise<ChangedRoom> {
    return onceIssued(async () => {
      const { rooms, events, publisher, now } = this.ports;
      await write();
      const at = now();
      const revs = await events.append(changes.map((change) => ({ ...change, roomId, by: userId, at })));
      const rev = revs.at(-1) ?? 0;
      const memberRev = await rooms.raise(roomId, rev);
      const changed = await this.reread(roomId);
      const place = { roomId, head: changed.end.head, memberRev, trace };
      const concerned = (kind: RoomChange['kind']) =>
        changes.flatMap((change, index) =>
          change.kind === kind && change.userId ? [{ userId: change.userId, rev: revs[index] ?? 0 }] : [],
        );
      publisher.joined({ ...place, users: concerned('joined') });
      for (const left of concerned('left')) publisher.left({ ...place, ...left });
      if (changes.some(({ kind }) => kind === 'updated' || kind === 'role')) publisher.updated(changed.end, trace);
      return changed;
    });
  }

  /** Unix milliseconds. */
  now(): number {
    return this.ports.now();
  }

  /** The room as it is now, not as it is remembered. */
  async reread(roomId: RoomId): Promise<ChangedRoom> {
    const { directory, log } = this.ports;
    directory.forget(roomId);
    const view = await directory.find(roomId);
    if (!view) throw new ChatError('ROOM_NOT_FOUND');
    return { view, end: await log.end(view.room) };
  }
}
