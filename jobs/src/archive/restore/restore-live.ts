import {
  ArchiveWalk,
  type ChatDatabase,
  createMonthCollection,
  isSharded,
  type MonthYear,
  messageIndexes,
  shardedMessageIndexes,
  shardMonthCommand,
  zoneCommand,
  zoneRangeOf,
} from '@parlance/storage';
import type { JobContext } from '../../job-context.js';
import { JobFailed } from '../../job-failed.js';
import { adminCommand } from '../../mongo/cluster/admin-command.js';
import { chunksOver, readShards, shardsOf } from '../../mongo/cluster/cluster-shards.js';
import { ClaimedMonth } from '../../months/claimed-month.js';
import { dropViewOfMonth, findMonthCollection } from '../../months/month-collection.js';
import { compareMonth } from '../compare-month.js';
import type { OpenArchive } from '../open-archive.js';
import { fillMonth } from './fill-month.js';
import { type RestoreStep, restoreJob } from './plan-restore-month.js';

/** What a successor has to know. */
interface RestoreMemo {
  /** The collection that stands under the month's name, if one does, was made by this job. */
  readonly creating: boolean;
}

/**
 * Brings an archived month back to where it was: its collection, on cold shards where there are shards, with every record as
 * it was archived; compared with the archive, then one compare-and-swap sends readers there. Until then they read the
 * archive. Room events that were not folded into the archive are overlaid by readers as before. A month in its grace still
 * has its collection, which is compared and taken. May be stopped anywhere and repeated.
 * @throws JobFailed; ArchiveFault; what the driver throws.
 */
export async function restoreLive(
  month: MonthYear,
  { epoch, what, reason }: RestoreStep,
  archive: OpenArchive,
  context: JobContext,
): Promise<void> {
  const { database, progress, signal, checkpoint, now } = context;
  const note = (step: string) => ({ step, what, reason });
  const read = { monthYear: month, epoch };
  const claimed = await ClaimedMonth.claim<RestoreMemo>(context, read, restoreJob, note('claim'));
  await checkpoint('restore-month:claimed');
  const { archive: copy, collectionUUID } = claimed.entry;
  if (!copy) throw new JobFailed(`${month} was never archived`);
  const walk = await ArchiveWalk.open(copy, archive.store, archive.keys);
  const found = await findMonthCollection(database, month);
  const isOwn = found.kind === 'collection' && collectionUUID?.toUUID().equals(found.uuid.toUUID()) === true;
  const isWhole = isOwn && claimed.memo.creating !== true;
  if (found.kind === 'collection' && !isOwn && claimed.memo.creating !== true) {
    throw new JobFailed(`a collection that nobody registered stands where ${month} was; it is left as it is`);
  }
  if (!isWhole) {
    await claimed.step({ ...note('creating'), memo: { creating: true } });
    await claimed.hold();
    await dropViewOfMonth(database, month);
    await checkpoint('restore-month:view-dropped');
    await create(database, month);
    await checkpoint('restore-month:created');
    const created = await findMonthCollection(database, month);
    if (created.kind !== 'collection') throw new JobFailed(`the collection of ${month} could not be created`);
    await claimed.step(note('filling'), { collectionUUID: created.uuid });
    await progress.during(`restoring ${month}`, (report) =>
      fillMonth({ database, month, walk, signal, report, checkpoint: () => checkpoint('restore-month:batch') }),
    );
  }
  await claimed.step(note('comparing'));
  await checkpoint('restore-month:comparing');
  const { manifest } = walk;
  await progress.during(`comparing ${month}`, (report) => compareMonth({ database, manifest, signal, report }));
  await checkpoint('restore-month:compared');
  const { foldedThrough } = manifest;
  await claimed.release({
    state: 'SEALED',
    tier: 'cold',
    verifiedAt: new Date(await now()),
    // The digest is of bytes as they lay there; the records are the same, the order of their fields need not be.
    digest: undefined,
    ...(foldedThrough === null ? {} : { foldedThrough: new Date(foldedThrough) }),
  });
  await checkpoint('restore-month:done');
}

async function create(database: ChatDatabase, month: MonthYear): Promise<void> {
  if (!(await isSharded(database))) {
    await createMonthCollection(database, month, messageIndexes);
    return;
  }
  const { namespace } = database.messages(month);
  const cold = shardsOf('cold', await readShards(database));
  if (cold.length === 0) throw new JobFailed('no shard is in the zone cold');
  await createMonthCollection(database, month, shardedMessageIndexes);
  await adminCommand(database, zoneCommand(namespace, zoneRangeOf(month), 'cold'));
  await adminCommand(database, shardMonthCommand(namespace, chunksOver(cold)));
  // Once more, now on every shard that has a part of it.
  await createMonthCollection(database, month, shardedMessageIndexes);
}
