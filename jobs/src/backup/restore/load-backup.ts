import {
  ArchiveWalk,
  type BackupManifest,
  type ChatDatabase,
  commandTimeout,
  createMonth,
  type DocumentsEntry,
  isSharded,
  logRoomEvents,
  type MonthDocument,
  type MonthYear,
  type RoomDocument,
  readDocuments,
} from '@parlance/storage';
import type { Collection, Document } from 'mongodb';
import type { OpenArchive } from '../../archive/open-archive.js';
import { presentCopy } from '../../archive/present-copy.js';
import { fillMonth } from '../../archive/restore/fill-month.js';
import { createBaseCollections } from '../../bootstrap/create-base-collections.js';
import type { JobContext } from '../../job-context.js';
import { chunksOver, readShards, shardsOf } from '../../mongo/cluster/cluster-shards.js';
import { createShardedMonth } from '../../months/create-sharded-month.js';
import { putViewOfMonth } from '../../months/month-collection.js';
import type { StoredBackup } from '../backup-chains.js';

/** Documents that one command writes. */
const documentsAtATime = 500;

/** How long one such command may take, milliseconds. */
const insertMs = 60_000;

/**
 * Puts a backup into a database whose collections are empty: months and their records first, the rooms last, so that nothing
 * of it is seen before all of it is there. `chain`: the backup and all before it.
 * @throws ArchiveFault; those of the driver.
 */
export async function loadBackup(
  chain: readonly StoredBackup[],
  place: OpenArchive,
  context: JobContext,
): Promise<void> {
  const { database, progress, checkpoint } = context;
  const { manifest } = chain.at(-1) as StoredBackup;
  await createBaseCollections(database);
  for (const month of (await registryOf(manifest, place)).toSorted(byMonth)) {
    await loadMonth(month, chain, place, context);
    await checkpoint('restore-backup:month');
  }
  const load = (entry: DocumentsEntry, of: BackupManifest, collection: Collection): Promise<void> =>
    progress.during(`loading ${collection.collectionName}`, (tell) =>
      insertAll(collection, readDocuments(entry, { ...place, month: of.month }), (done) =>
        tell({ done, total: entry.documents, unit: 'documents' }),
      ),
    );
  for (const each of chain) await load(each.manifest.events, each.manifest, untyped(database.roomEvents));
  await load(manifest.participants, manifest, untyped(database.participants));
  await loadRevocations(manifest, place, database);
  await checkpoint('restore-backup:participants');
  await load(manifest.rooms, manifest, untyped(database.rooms));
  await logEvents(manifest, place, database);
  await checkpoint('restore-backup:rooms');
}

/**
 * The entries of `months` as they were.
 * @throws ArchiveFault.
 */
export async function registryOf(manifest: BackupManifest, place: OpenArchive): Promise<readonly MonthDocument[]> {
  const found: MonthDocument[] = [];
  for await (const entry of readDocuments(manifest.registry, { ...place, month: manifest.month })) {
    found.push(entry as MonthDocument);
  }
  return found;
}

function byMonth({ monthYear: one }: MonthDocument, { monthYear: other }: MonthDocument): number {
  return one < other ? -1 : 1;
}

/** An archived month stays one: its records are in the archive. All others begin on hot storage and cool down again. */
async function loadMonth(
  entry: MonthDocument,
  chain: readonly StoredBackup[],
  { store, keys }: OpenArchive,
  context: JobContext,
): Promise<void> {
  const { database, progress, signal, checkpoint } = context;
  const { _id: _, collectionUUID: _uuid, work: _work, tier, verifiedAt: _verifiedAt, ...kept } = entry;
  const { monthYear: month } = entry;
  if (entry.state === 'ARCHIVED') {
    // Its collection does not come back, whether or not it still stood at the cut: a view keeps strays out (R7: a
    // sealed month takes nothing more).
    await putViewOfMonth(database, month);
    const droppedAt = entry.archive?.droppedAt ?? new Date(await context.now());
    // An erasure may have written it anew since.
    const copy = entry.archive && ((await presentCopy(month, entry.archive, { store, keys })) ?? entry.archive);
    const archive = copy && { archive: { ...copy, droppedAt } };
    await database.months.replaceOne(
      { monthYear: month },
      { ...kept, tier, ...archive },
      { upsert: true, ...written() },
    );
    return;
  }
  await createOne(month, context);
  const parts = chain.flatMap(({ manifest }) => manifest.months.filter((each) => each.month === month));
  for (const { manifest, rootHash } of parts) {
    const walk = await ArchiveWalk.open({ manifest, rootHash }, store, keys);
    await progress.during(`loading ${month}`, (report) =>
      fillMonth({ database, month, walk, signal, report, checkpoint: () => checkpoint('restore-backup:records') }),
    );
  }
  // The collection is a new one, which registering it has noted; its records are as old as the backups that they come from, so
  // what was erased since is in them again.
  const { digest: _digest, foldedThrough: _folded, ...facts } = kept;
  await database.months.updateOne({ monthYear: month }, { $set: facts }, written());
}

async function createOne(month: MonthYear, context: JobContext): Promise<void> {
  const { database } = context;
  if (!(await isSharded(database))) return await createMonth(database, month);
  const shards = shardsOf('hot', await readShards(database));
  await createShardedMonth(context, month, { shards, chunks: chunksOver(shards) });
}

/** A token that was refused since stays refused: what is there is only added to. */
async function loadRevocations(manifest: BackupManifest, place: OpenArchive, database: ChatDatabase): Promise<void> {
  for await (const revocation of readDocuments(manifest.revocations, { ...place, month: manifest.month })) {
    const { _id, userId, revokedBefore } = revocation as { _id: string; userId: string; revokedBefore: Date };
    await database.revocations.updateOne(
      { _id },
      { $max: { revokedBefore }, $setOnInsert: { userId } },
      { upsert: true, ...written() },
    );
  }
}

/** Events that stood in a room's document when it was taken. */
async function logEvents(manifest: BackupManifest, place: OpenArchive, database: ChatDatabase): Promise<void> {
  for await (const document of readDocuments(manifest.rooms, { ...place, month: manifest.month })) {
    const { roomId, unlogged = [] } = document as RoomDocument;
    if (unlogged.length > 0) await logRoomEvents(database, roomId, unlogged);
  }
}

async function insertAll(
  collection: Collection,
  documents: AsyncIterable<unknown>,
  tell: (inserted: number) => void,
): Promise<void> {
  let inserted = 0;
  let batch: Document[] = [];
  const insert = async (): Promise<void> => {
    if (batch.length === 0) return;
    await collection.insertMany(batch, { ...written(), ordered: false });
    tell((inserted += batch.length));
    batch = [];
  };
  for await (const document of documents) {
    batch.push(document as Document);
    if (batch.length >= documentsAtATime) await insert();
  }
  await insert();
}

function untyped<Shape extends Document>(collection: Collection<Shape>): Collection {
  return collection as unknown as Collection;
}

function written() {
  return { writeConcern: { w: 'majority', wtimeout: insertMs }, ...commandTimeout(insertMs) } as const;
}
