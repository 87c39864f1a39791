import type { RoomId, UserId } from '@parlance/proto';
import { GatheredReads, type GatheringClock } from '@parlance/runtime';
import type { ChatDatabase } from '@parlance/storage';
import { MongoParticipantStore, type Place, type Row } from './mongo-participant-store.js';

/** Rooms of which one command reads all rows: a room has up to a thousand. */
const roomsAtATime = 100;

/** Participants whose reads are gathered: those of many rooms, and those of many users. */
export class GatheredParticipantStore extends MongoParticipantStore {
  private readonly rooms: GatheredReads<Row[]>;
  private readonly users: GatheredReads<Place[]>;

  constructor(database: ChatDatabase, clock: GatheringClock) {
    super(database);
    this.rooms = new GatheredReads(
      async (roomIds) => grouped(roomIds, await this.inRooms(roomIds as readonly RoomId[]), ({ roomId }) => roomId),
      clock,
      roomsAtATime,
    );
    this.users = new GatheredReads(
      async (userIds) => grouped(userIds, await this.ofUsers(userIds as readonly UserId[]), ({ userId }) => userId),
      clock,
    );
  }

  override async inRoom(roomId: RoomId): Promise<Row[]> {
    return (await this.rooms.one(roomId)) ?? [];
  }

  override async ofUser(userId: UserId): Promise<Place[]> {
    return (await this.users.one(userId)) ?? [];
  }
}

function grouped<Item>(
  keys: readonly string[],
  items: readonly Item[],
  keyOf: (item: Item) => string,
): ReadonlyMap<string, Item[]> {
  const groups = Map.groupBy(items, keyOf);
  return new Map(keys.map((key) => [key, groups.get(key) ?? []]));
}
