import type { RoomId, UserId } from '@parlance/proto';
import { GatheredReads, type GatheringClock } from '@parlance/runtime';
import type { ChatDatabase } from '@parlance/storage';
import { MongoRoomStore } from './mongo-room-store.js';
import type { StoredRoom, WholeRoom } from './stored-room.js';

/** Stands between the room and the user in a key: no id has it. */
const behindRoom = '\n';

/** Pairs of a room and a user that one command reads; mostly they are far fewer rooms. */
const pairsAtATime = 5_000;

/** Rooms whose reads are gathered: a crowd that comes back at once costs a command now and then, and not one each. */
export class GatheredRoomStore extends MongoRoomStore {
  private readonly rooms: GatheredReads<StoredRoom>;
  private readonly wholeRooms: GatheredReads<WholeRoom>;

  constructor(database: ChatDatabase, clock: GatheringClock) {
    super(database);
    this.rooms = new GatheredReads((keys) => this.readKeys(keys), clock, pairsAtATime);
    this.wholeRooms = new GatheredReads((roomIds) => this.readWholes(roomIds), clock);
  }

  override async readMany(roomIds: readonly RoomId[], of?: UserId): Promise<StoredRoom[]> {
    const keys = [...new Set(roomIds)].map((roomId) => keyOf(roomId, of));
    const found = await this.rooms.all(keys);
    return keys.flatMap((key) => found.get(key) ?? []);
  }

  override async readWhole(roomId: RoomId): Promise<WholeRoom | undefined> {
    return this.wholeRooms.one(roomId);
  }

  private async readKeys(keys: readonly string[]): Promise<ReadonlyMap<string, StoredRoom>> {
    const asked = keys.map((key) => key.split(behindRoom) as [RoomId, UserId?]);
    const roomIds = [...new Set(asked.map(([roomId]) => roomId))];
    const users = new Set(asked.map(([, userId]) => userId));
    const [user] = users;
    if (users.size === 1) {
      const found = await super.readMany(roomIds, user);
      return new Map(found.map((room) => [keyOf(room.roomId, user), room]));
    }
    const found = await this.readManyWith(
      roomIds,
      [...users].filter((each) => each !== undefined),
    );
    const rooms = new Map<string, StoredRoom>();
    for (const [roomId, userId] of asked) {
      const { room, among } = found.get(roomId) ?? {};
      // The rows of rooms without a roster say it themselves.
      if (room && (userId === undefined || (among?.has(userId) ?? true))) rooms.set(keyOf(roomId, userId), room);
    }
    return rooms;
  }

  private async readWholes(roomIds: readonly string[]): Promise<ReadonlyMap<string, WholeRoom>> {
    const [roomId] = roomIds;
    const found = roomIds.length === 1 ? [await super.readWhole(roomId as RoomId)] : await this.readManyWhole(roomIds);
    return new Map(found.flatMap((room) => (room ? [[room.roomId, room]] : [])));
  }
}

function keyOf(roomId: string, userId: UserId | undefined): string {
  return userId === undefined ? roomId : `${roomId}${behindRoom}${userId}`;
}
