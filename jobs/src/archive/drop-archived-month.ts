import { ArchiveWalk } from '@parlance/storage';
import type { JobContext } from '../job-context.js';
import { JobFailed } from '../job-failed.js';
import { ClaimedMonth } from '../months/claimed-month.js';
import { dropMonthCollection, findMonthCollection, putViewOfMonth } from '../months/month-collection.js';
import type { OpenArchive } from './open-archive.js';
import { type ArchiveStep, archiveJob } from './plan-archive-months.js';
import { compareStored } from './verify-copy.js';

/**
 * Drops the collection of a month whose readers are in the archive, after every byte there was read once more, and puts a view
 * in its place. The drop names the collection that was archived: whatever else stands there by now stays. It may be stopped
 * anywhere and repeated.
 * @throws JobFailed; ArchiveFault; what the driver throws.
 */
export async function dropArchivedMonth(
  { month, epoch, reason }: ArchiveStep,
  archive: OpenArchive,
  context: JobContext,
): Promise<void> {
  const { database, progress, checkpoint, signal, now } = context;
  const deleting = { step: 'deleting', what: `drop the collection of ${month}`, reason };
  const claimed = await ClaimedMonth.claim(context, { monthYear: month, epoch }, archiveJob, deleting);
  await checkpoint('archive-months:deleting');
  const { archive: copy, collectionUUID, state } = claimed.entry;
  if (state !== 'ARCHIVED' || !copy || !collectionUUID) throw new JobFailed(`${month} is not in the archive`);
  const { manifest } = await ArchiveWalk.open(copy, archive.store, archive.keys);
  await progress.during(`checking the archive of ${month}`, (report) =>
    compareStored({ database, archive, manifest, counts: undefined, signal, report }),
  );
  await claimed.hold();
  await checkpoint('archive-months:checked');
  const found = await findMonthCollection(database, month);
  if (found.kind === 'collection') {
    const outcome = await progress.during(`dropping ${month}`, () =>
      dropMonthCollection(database, month, collectionUUID),
    );
    if (outcome === 'another') {
      throw new JobFailed(
        `another collection than the one that was archived stands where ${month} was; it is left as it is`,
      );
    }
    await checkpoint('archive-months:dropped');
  }
  if (!(await putViewOfMonth(database, month))) {
    throw new JobFailed(`a collection appeared where ${month} was before its view could be put there`);
  }
  await checkpoint('archive-months:view');
  await claimed.release({ archive: { ...copy, droppedAt: new Date(await now()) }, collectionUUID: undefined });
  await checkpoint('archive-months:done');
}
