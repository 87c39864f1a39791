import { MongoClient } from 'mongodb';
import type { FinalRoom, FinalRoomEvent } from '../history/final-room.js';

interface StoredRoom {
  readonly roomId: string;
  readonly roomType: '1v1' | 'group';
  readonly metadata: { readonly name?: string };
  readonly joinRule: string;
  readonly historyVisibility: string;
  readonly rev: unknown;
}

interface StoredParticipant {
  readonly roomId: string;
  readonly userId: string;
  readonly role: string;
  readonly leftAt: Date | null;
}

interface StoredEvent extends Omit<FinalRoomEvent, 'rev' | 'name'> {
  readonly roomId: string;
  readonly rev: unknown;
  readonly metadata?: { readonly name?: string };
}

/** All rooms with their participants and events straight from MongoDB, at majority from the primary. */
export async function readRooms(mongoUri: string): Promise<FinalRoom[]> {
  const client = new MongoClient(mongoUri, { readPreference: 'primary', readConcern: { level: 'majority' } });
  try {
    const database = client.db('parlance');
    const participants = new Map<string, Map<string, string>>();
    for await (const { roomId, userId, role } of database
      .collection<StoredParticipant>('participants')
      .find({ leftAt: null })) {
      participants.set(roomId, (participants.get(roomId) ?? new Map<string, string>()).set(userId, role));
    }
    const events = new Map<string, FinalRoomEvent[]>();
    for await (const stored of database.collection<StoredEvent>('room_events').find().sort({ roomId: 1, rev: 1 })) {
      const { kind, userId, role, joinRule, historyVisibility, metadata } = stored;
      const list = events.get(stored.roomId) ?? [];
      events.set(stored.roomId, list);
      list.push({
        rev: Number(stored.rev),
        kind,
        ...(userId === undefined ? {} : { userId }),
        ...(role === undefined ? {} : { role }),
        ...(metadata === undefined ? {} : { name: metadata.name ?? '' }),
        ...(joinRule === undefined ? {} : { joinRule }),
        ...(historyVisibility === undefined ? {} : { historyVisibility }),
      });
    }
    const rooms = await database.collection<StoredRoom>('rooms').find().toArray();
    return rooms.map(({ roomId, roomType, metadata, joinRule, historyVisibility, rev }) => ({
      roomId,
      roomType,
      name: metadata.name ?? '',
      joinRule,
      historyVisibility,
      rev: Number(rev ?? 0),
      participants: participants.get(roomId) ?? new Map<string, string>(),
      events: events.get(roomId) ?? [],
    }));
  } finally {
    await client.close();
  }
}
