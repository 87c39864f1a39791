import { type Document, type IndexDescription, MaxKey, MinKey } from 'mongodb';
import { participantIndexes } from '../documents/participant-document.js';
import { roomIndexes } from '../documents/room-document.js';
import { roomEventIndexes } from '../documents/room-event-document.js';
import type { ChatDatabase } from './chat-database.js';
import { type KeyRange, zoneCommand } from './month-sharding.js';

const allRooms: KeyRange = { min: { roomId: new MinKey() }, max: { roomId: new MaxKey() } };

/**
 * The shard key of everything that belongs to a room and is no message. One room lies on one shard, so `{roomId}` and
 * `{roomId, userId}` stay unique, and every question about a room asks one shard. What a user's rooms are asks all hot shards
 * (ADR 0020).
 */
const roomShardKey = { roomId: 'hashed' } as const;

/** The collections that are sharded by room, with their other indexes. `months`, `leases` and `revocations` are small and are not. */
const collectionsByRoom = [
  { name: 'rooms', indexes: roomIndexes },
  { name: 'participants', indexes: participantIndexes },
  { name: 'room_events', indexes: roomEventIndexes },
] as const;

/**
 * Creates the collections that are sharded by room where one is missing, spread over the hot shards from the start: they are
 * written in all months, so they stay there. Any of it may be repeated. Give the shards their zones first. `chunks`: of each
 * collection.
 */
export async function createCollectionsByRoom({ db }: ChatDatabase, chunks: number): Promise<void> {
  for (const { name, indexes } of collectionsByRoom) {
    const all = [{ key: roomShardKey, name: 'shard_key' }, ...indexes] as unknown as IndexDescription[];
    await db.collection(name).createIndexes(all, { commitQuorum: 'majority' });
    for (const command of shardByRoomCommands(`${db.databaseName}.${name}`, chunks)) await db.admin().command(command);
  }
}

/** What to send to the admin database, in this order, for an empty collection with the index of {@link roomShardKey}. Pure. */
function shardByRoomCommands(namespace: string, chunks: number): readonly Document[] {
  return [
    zoneCommand(namespace, allRooms, 'hot'),
    { shardCollection: namespace, key: roomShardKey, presplitHashedZones: true, numInitialChunks: chunks },
  ];
}
