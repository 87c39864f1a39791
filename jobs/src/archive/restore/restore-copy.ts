import {
  ArchiveWalk,
  ChatDatabase,
  createMonthCollection,
  type MonthArchive,
  majority,
  messageIndexes,
} from '@parlance/storage';
import type { JobContext } from '../../job-context.js';
import { compareMonth } from '../compare-month.js';
import type { OpenArchive } from '../open-archive.js';
import { fillMonth } from './fill-month.js';

/**
 * Puts an archived month into a collection of another database of the same servers and compares it with the archive. Nothing
 * that services use is touched. May be stopped anywhere and repeated. Answers the number of records.
 * @throws JobFailed; ArchiveFault; what the driver throws.
 */
export async function restoreCopy(
  copy: MonthArchive,
  into: string,
  archive: OpenArchive,
  { database, progress, signal, checkpoint }: JobContext,
): Promise<number> {
  const walk = await ArchiveWalk.open(copy, archive.store, archive.keys);
  const { manifest } = walk;
  const { month } = manifest;
  const target = new ChatDatabase(database.db.client.db(into));
  await createMonthCollection(target, month, messageIndexes);
  await checkpoint('restore-month:created');
  await progress.during(`restoring ${month}`, (report) =>
    fillMonth({ database: target, month, walk, signal, report, checkpoint: () => checkpoint('restore-month:batch') }),
  );
  await progress.during(`comparing ${month}`, (report) => compareMonth({ database: target, manifest, signal, report }));
  return target.messages(month).countDocuments({ monthYear: month }, majority(60_000));
}
