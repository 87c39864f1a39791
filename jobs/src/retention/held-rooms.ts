import { type ChatDatabase, majority } from '@parlance/storage';

/** Those of the rooms that are under a hold now, with its name. */
export async function heldRooms(
  database: ChatDatabase,
  roomIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const found = await database.rooms
    .find(
      { roomId: { $in: [...roomIds] }, 'policy.legalHold': { $exists: true } },
      { ...majority(), projection: { roomId: 1, policy: 1 } },
    )
    .toArray();
  return new Map(found.map(({ roomId, policy }) => [roomId, policy?.legalHold?.name ?? '']));
}
