import { type LastSlotDocument, lastSlots, type RoomDocument } from '@parlance/storage';
import type { JobSurroundings } from '../surroundings.js';
import { gathering, longRead, rowsOf } from './rows-of.js';

/** Ids of the newest messages of rooms, by room id: a key a room, and a command for each month that is somebody's last. */
export async function headsOf(
  rooms: readonly Pick<RoomDocument, 'roomId' | 'segments'>[],
  { database, signal }: Pick<JobSurroundings, 'database' | 'signal'>,
): Promise<ReadonlyMap<string, number>> {
  const heads = new Map<string, number>();
  for (const { roomId, segments } of rooms) heads.set(roomId, Number(segments.at(-1)?.firstId ?? 1) - 1);
  for (const [month, some] of Map.groupBy(rooms, ({ segments }) => segments.at(-1)?.monthYear)) {
    if (month === undefined) continue;
    const roomIds = some.map(({ roomId }) => roomId);
    const found = database.messages(month).aggregate<LastSlotDocument>(lastSlots(month, roomIds), longRead);
    // A seal stands behind the newest message.
    for await (const { _id, kind, messageId } of rowsOf(found, signal, gathering))
      heads.set(_id, Number(messageId) - (kind === 'seal' ? 1 : 0));
  }
  return heads;
}
