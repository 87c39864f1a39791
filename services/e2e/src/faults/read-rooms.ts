import { MongoClient } from 'mongodb';
import type { FinalRoom, FinalRoomEvent } from '../history/final-room.js';

interface StoredRoom {
  readonly roomId: string;
  readonly roomType: '1v1' | 'group';
  readonly metadata: { readonly name?: string };
  readonly joinRule: string;
  readonly historyVisibility: string;
  readonly rev: unknown;
  readonly participants: readonly string[];
  readonly ownerId: string | null;
  readonly admins: readonly string[];
  readonly unlogged?: readonly StoredEvent[];
}

interface StoredRow {
  readonly roomId: string;
  readonly userId: string;
  readonly leftAt: Date | null;
}

interface StoredEvent extends Omit<FinalRoomEvent, 'rev' | 'name'> {
  readonly rev: unknown;
  readonly metadata?: { readonly name?: string };
}

/**
 * All rooms with their participants and events straight from MongoDB, at majority from the primary. In a room is who is
 * named by it and has a place of their own; its events are those of the log and those that are to be put there.
 */
export async function readRooms(mongoUri: string): Promise<FinalRoom[]> {
  const client = new MongoClient(mongoUri, { readPreference: 'primary', readConcern: { level: 'majority' } });
  try {
    const database = client.db('parlance');
    const places = new Set<string>();
    for await (const { roomId, userId } of database.collection<StoredRow>('participants').find({ leftAt: null })) {
      places.add(placeKey(roomId, userId));
    }
    const logged = new Map<string, FinalRoomEvent[]>();
    const events = database.collection<StoredEvent & { readonly roomId: string }>('room_events');
    for await (const stored of events.find().sort({ roomId: 1, rev: 1 })) {
      const list = logged.get(stored.roomId) ?? [];
      logged.set(stored.roomId, list);
      list.push(eventOf(stored));
    }
    const rooms = await database.collection<StoredRoom>('rooms').find().toArray();
    return rooms.map((room) => ({
      roomId: room.roomId,
      roomType: room.roomType,
      name: room.metadata.name ?? '',
      joinRule: room.joinRule,
      historyVisibility: room.historyVisibility,
      rev: Number(room.rev),
      participants: new Map(
        room.participants
          .filter((userId) => places.has(placeKey(room.roomId, userId)))
          .map((userId) => [userId, roleOf(room, userId)]),
      ),
      events: whole(logged.get(room.roomId) ?? [], (room.unlogged ?? []).map(eventOf)),
    }));
  } finally {
    await client.close();
  }
}

function placeKey(roomId: string, userId: string): string {
  return `${roomId}\n${userId}`;
}

function roleOf({ ownerId, admins }: StoredRoom, userId: string): string {
  if (userId === ownerId) return 'owner';
  return admins.includes(userId) ? 'admin' : 'participant';
}

/** Those of the document may lie in the log already. */
function whole(logged: readonly FinalRoomEvent[], unlogged: readonly FinalRoomEvent[]): FinalRoomEvent[] {
  const newest = logged.at(-1)?.rev ?? 0;
  return [...logged, ...unlogged.filter(({ rev }) => rev > newest)];
}

function eventOf({ rev, kind, userId, role, joinRule, historyVisibility, metadata }: StoredEvent): FinalRoomEvent {
  return {
    rev: Number(rev),
    kind,
    ...(userId === undefined ? {} : { userId }),
    ...(role === undefined ? {} : { role }),
    ...(metadata === undefined ? {} : { name: metadata.name ?? '' }),
    ...(joinRule === undefined ? {} : { joinRule }),
    ...(historyVisibility === undefined ? {} : { historyVisibility }),
  };
}
