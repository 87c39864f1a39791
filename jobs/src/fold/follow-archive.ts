import {
  ArchiveReader,
  type ArchiveReference,
  durable,
  isMessage,
  type MessageDocument,
  type MonthYear,
  tombstoneUpdate,
} from '@parlance/storage';
import { Long } from 'mongodb';
import type { OpenArchive } from '../archive/open-archive.js';
import type { JobContext } from '../job-context.js';
import { longRead, rowsOf } from '../mongo/rows-of.js';
import type { ClaimedMonth } from '../months/claimed-month.js';
import type { Folds } from './fold.js';

/** Documents that one command empties. */
const batchSize = 500;

/**
 * A month that is read in the archive and whose collection still stands, in the grace: empties there what is empty in the
 * archive, with the same words, so that the two stay equal. Holds are not asked, the archive is what they keep. Answers how
 * many documents it was. May be stopped anywhere and done again.
 * @throws ArchiveFault; JobFailed; what the driver throws.
 */
export async function followArchive(
  claimed: ClaimedMonth<object>,
  copy: ArchiveReference,
  folds: Folds,
  { store, keys }: OpenArchive,
  { database, signal }: JobContext,
): Promise<number> {
  const archived = await new ArchiveReader(store, keys, 16 * 1024 * 1024).openMonth(copy);
  const { month } = claimed;
  let followed = 0;
  for (const roomId of folds.roomIds) {
    for await (const ids of idsWithText(month, roomId, folds.lastOf(roomId))) {
      const [first, last] = [ids[0] ?? 0, ids.at(-1) ?? 0];
      const wanted = new Set(ids);
      const empty = (await archived.readRange(roomId, first, last))
        .filter(isMessage)
        .filter(({ messageId, erasedAt }) => erasedAt !== undefined && wanted.has(Number(messageId)));
      if (empty.length === 0) continue;
      await claimed.hold();
      await database.messages(month).bulkWrite(
        empty.map((message) => ({
          updateOne: { filter: slotOf(month, message), update: asArchived(message) as never },
        })),
        { ...durable(), ordered: false },
      );
      followed += empty.length;
    }
  }
  return followed;

  async function* idsWithText(of: MonthYear, roomId: string, upTo: number): AsyncGenerator<number[]> {
    const filter = {
      monthYear: of,
      roomId,
      messageId: { $lte: Long.fromNumber(upTo) },
      kind: { $exists: false },
      erasedAt: { $exists: false },
    };
    const found = database
      .messages(of)
      .find<{ messageId: Long }>(filter as never, { ...longRead, projection: { messageId: 1 } })
      .sort({ monthYear: 1, roomId: 1, messageId: 1 });
    let ids: number[] = [];
    for await (const { messageId } of rowsOf(found, signal)) {
      ids.push(Number(messageId));
      if (ids.length < batchSize) continue;
      yield ids;
      ids = [];
    }
    if (ids.length > 0) yield ids;
  }
}

function slotOf(month: MonthYear, { roomId, messageId }: MessageDocument) {
  return { monthYear: month, roomId, messageId };
}

function asArchived({ erasedAt, clientMessageId }: MessageDocument) {
  return tombstoneUpdate(erasedAt ?? new Date(0), clientMessageId);
}
