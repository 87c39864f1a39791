import type { BackupManifest, ChatDatabase, MonthYear } from '@parlance/storage';
import { type LastSlotDocument, lastSlots } from '@parlance/storage';
import type { OpenArchive } from '../../archive/open-archive.js';
import { JobFailed } from '../../job-failed.js';
import { gathering, longRead, rowsOf } from '../../mongo/rows-of.js';
import type { RoomPosition } from '../room-cut.js';
import { readPositions } from '../room-positions.js';

/**
 * Compares what lies in the database with what a backup has: records of every month, rooms, rows, and the end of every room's
 * log.
 * @throws JobFailed, which names the first difference; ArchiveFault.
 */
export async function verifyRestore(
  manifest: BackupManifest,
  records: ReadonlyMap<MonthYear, number>,
  place: OpenArchive,
  { database, signal }: { readonly database: ChatDatabase; readonly signal: AbortSignal },
): Promise<void> {
  const positions = await readPositions(manifest, place);
  for (const [month, expected] of records) {
    const found = await database.messages(month).countDocuments({ monthYear: month }, longRead);
    if (found !== expected) throw new JobFailed(`${month} has ${found} records, and the backup ${expected}`);
    const ends = database.messages(month).aggregate<LastSlotDocument>(lastSlots(month), longRead);
    for await (const end of rowsOf(ends, signal, gathering)) checkEnd(month, end, positions.get(end._id));
  }
  const counted = [
    ['rooms', database.rooms, manifest.rooms.documents],
    ['participants', database.participants, manifest.participants.documents],
  ] as const;
  for (const [name, collection, expected] of counted) {
    const found = await collection.countDocuments({}, longRead);
    if (found !== expected) throw new JobFailed(`there are ${found} ${name}, and ${expected} in the backup`);
  }
}

function checkEnd(
  month: MonthYear,
  { _id, messageId, kind }: LastSlotDocument,
  position: RoomPosition | undefined,
): void {
  // Of an earlier month than its last one a room has a seal at the end.
  const isRight =
    position?.month === month
      ? position.slot === Number(messageId) && position.isSealed === (kind === 'seal')
      : position !== undefined && position.month > month && kind === 'seal';
  if (!isRight)
    throw new JobFailed(`the log of room ${_id} ends at ${Number(messageId)} in ${month}, and not in the backup`);
}
