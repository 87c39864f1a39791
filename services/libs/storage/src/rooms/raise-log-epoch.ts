import { type Document, Long } from 'mongodb';
import type { ChatDatabase } from '../database/chat-database.js';
import { durable, majority } from '../database/command-options.js';
import { readServerClock } from '../database/server-clock.js';
import type { RoomDocument } from '../documents/room-document.js';

/** {@link logEpochOf} as an expression. */
const epochOf = { $ifNull: ['$logEpoch', { $toLong: '$createdAt' }] };

/** A room's log began anew. */
export interface RaisedLogEpoch {
  /** The epoch that the rooms have now, Unix milliseconds. */
  readonly epoch: number;
  /** How many were raised by this call. */
  readonly rooms: number;
}

/** Which rooms, and by whom. */
export interface RaiseLogEpochOptions {
  /** Only this room; otherwise all. */
  readonly roomId?: string;
  /** Only if it stands at this epoch still: of several who found the same restore one raises. */
  readonly from?: number;
  /** Goes on with an earlier call that answered or planned this epoch: what it has raised stays as it is. */
  readonly epoch?: number;
  /** Told after each batch how many rooms have been looked at. */
  readonly progress?: (rooms: number) => void;
}

/** Rooms that one command raises. */
const roomsAtATime = 1_000;

/** The longest that the highest epoch of all rooms may be looked for, milliseconds. */
const scanMs = 60_000;

/** The epoch of a room's log, Unix milliseconds: when it was last begun anew, or when the room was created. */
export function logEpochOf({ logEpoch, createdAt }: Pick<RoomDocument, 'logEpoch' | 'createdAt'>): number {
  return logEpoch === undefined ? createdAt.getTime() : Number(logEpoch);
}

/**
 * Says that the logs of rooms are others than before, as after a backup was put back: gateways, caches and clients that see
 * the new epoch drop what they know of the room and load it anew. Call it when the documents are in place, and before
 * anybody is let in again; called twice it only makes everybody load twice.
 *
 * Sound beside running services: it changes this one field, which no change of a room writes, by one atomic command a
 * document. An epoch is never used twice: it is MongoDB's time, or one more than the highest there is if that clock stands
 * behind. So it is also above those that were raised after the backup was made and are gone with it. May be repeated after
 * a failure, with `epoch` to go on where it ended. Rejects as the driver does.
 */
export async function raiseLogEpoch(
  database: ChatDatabase,
  { roomId, from, epoch, progress }: RaiseLogEpochOptions = {},
): Promise<RaisedLogEpoch> {
  const which = roomId === undefined ? {} : { _id: roomId, roomId };
  const next = epoch ?? Math.max(await readServerClock(database), 1 + (await highestEpoch(database, which)));
  const isDue =
    from === undefined ? { $lt: [epochOf, Long.fromNumber(next)] } : { $eq: [epochOf, Long.fromNumber(from)] };
  const raise = async (some: Document): Promise<number> => {
    const { modifiedCount } = await database.rooms.updateMany(
      { ...some, $expr: isDue },
      { $set: { logEpoch: Long.fromNumber(next) } },
      durable(),
    );
    return modifiedCount;
  };
  if (roomId !== undefined) return { epoch: next, rooms: await raise(which) };
  let raised = 0;
  let seen = 0;
  for (let batch = await idsAfter(database, ''); batch.length > 0; ) {
    raised += await raise({ roomId: { $in: batch } });
    progress?.((seen += batch.length));
    batch = await idsAfter(database, batch.at(-1) ?? '');
  }
  return { epoch: next, rooms: raised };
}

async function highestEpoch(database: ChatDatabase, which: Document): Promise<number> {
  const [found] = await database.rooms
    .aggregate<{ readonly highest: Long | number }>(
      [{ $match: which }, { $group: { _id: null, highest: { $max: epochOf } } }],
      {
        ...majority(scanMs),
      },
    )
    .toArray();
  return Number(found?.highest ?? 0);
}

async function idsAfter(database: ChatDatabase, roomId: string): Promise<string[]> {
  const found = await database.rooms
    .find(
      { roomId: { $gt: roomId } },
      { ...majority(), sort: { roomId: 1 }, limit: roomsAtATime, projection: { roomId: 1 } },
    )
    .toArray();
  return found.map((room) => room.roomId);
}
