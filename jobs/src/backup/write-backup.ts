import {
  ArchiveWalk,
  type BackupManifest,
  type BackupMonth,
  type DocumentsEntry,
  type DocumentsPlace,
  encodeBackup,
  encodeManifest,
  logEpochOf,
  type MonthYear,
  monthOf,
  type ParticipantDocument,
  type RoomDocument,
  readDocuments,
  type SegmentEntry,
  writeDocuments,
  writeSegments,
} from '@parlance/storage';
import { Long } from 'mongodb';
import type { OpenArchive } from '../archive/open-archive.js';
import type { JobContext } from '../job-context.js';
import { JobFailed } from '../job-failed.js';
import { longRead, rowsOf } from '../mongo/rows-of.js';
import { backupsFolder, manifestKey, type StoredBackup } from './backup-chains.js';
import { newSlots } from './new-slots.js';
import { cutParticipant, headOf, type RoomCut, type RoomPosition, roomCutOf, startOf } from './room-cut.js';
import { readPositions, writtenPosition } from './room-positions.js';

/** Rooms that one command asks for. */
const roomsAtATime = 200;

/** With the types that numbers are stored with. */
const exactly = { ...longRead, promoteValues: false } as const;

/** Which backup is written. */
export interface BackupOrder {
  readonly chain: string;
  /** The one before in the chain; undefined for the first. */
  readonly previous: StoredBackup | undefined;
  /** Months whose messages lie in MongoDB. */
  readonly months: readonly MonthYear[];
}

/**
 * Writes one backup beside running services, reads back all of it, and only then its manifest: a run that dies leaves objects
 * that nobody names. What a cut is: docs/backup.md. Memory: some hundred bytes a room.
 * @throws JobFailed, ArchiveFault, those of the driver.
 */
export async function writeBackup(
  { chain, previous, months }: BackupOrder,
  place: OpenArchive,
  context: JobContext,
): Promise<StoredBackup> {
  const { database, signal, progress, checkpoint } = context;
  const begunAt = await context.now();
  const sequence = (previous?.manifest.sequence ?? 0) + 1;
  const folder = `${backupsFolder}${chain}/${String(sequence).padStart(6, '0')}-${context.run.slice(0, 8)}`;
  const documents: DocumentsPlace = { ...place, month: monthOf(begunAt) };
  const before = previous ? await readPositions(previous.manifest, place) : new Map<string, RoomPosition>();
  const cuts = new Map<string, RoomCut>();
  let highestEpoch = 0;

  // In this order: a month is complete in what is read of it if another follows it in a chain that was read before.
  const registry = await writeDocuments(
    `${folder}/registry`,
    rowsOf(database.months.find({}, { ...exactly, sort: { monthYear: 1 } }), signal),
    documents,
  );
  const revocations = await writeDocuments(
    `${folder}/revocations`,
    rowsOf(database.revocations.find({}, exactly), signal),
    documents,
  );
  await checkpoint('backup:registry');
  const rooms = await progress.during('reading rooms', (tell) => {
    async function* all() {
      for await (const room of rowsOf(database.rooms.find({}, { ...exactly, sort: { roomId: 1 } }), signal)) {
        cuts.set(room.roomId, roomCutOf(room));
        highestEpoch = Math.max(highestEpoch, room.logEpoch === undefined ? 0 : logEpochOf(room));
        tell({ done: cuts.size, unit: 'rooms' });
        yield room;
      }
    }
    return writeDocuments(`${folder}/rooms`, all(), documents);
  });
  await checkpoint('backup:rooms');

  const positions = new Map([...cuts].map(([roomId, cut]) => [roomId, startOf(cut, before.get(roomId))]));
  const written: BackupMonth[] = [];
  for (const month of months) {
    const entry = await writeMonth(month, { cuts, before, positions }, { folder, place, context });
    if (entry) written.push(entry);
    await checkpoint('backup:month');
  }

  const events = await writeDocuments(`${folder}/events`, newEvents(cuts, before, context), documents);
  await checkpoint('backup:events');
  const cutAt = await context.now();
  const participants = await writeDocuments(
    `${folder}/participants`,
    participantsOf(rooms, positions, new Date(cutAt), documents, context),
    documents,
  );
  const stands = await writeDocuments(`${folder}/positions`, [...positions].map(writtenPosition), documents);
  await checkpoint('backup:participants');

  const manifest: BackupManifest = {
    format: 'parlance-backup',
    formatVersion: 1,
    chain,
    sequence,
    previous: previous?.rootHash ?? null,
    month: documents.month,
    begunAt: new Date(begunAt).toISOString(),
    cutAt: new Date(cutAt).toISOString(),
    highestEpoch,
    months: written,
    rooms,
    participants,
    revocations,
    registry,
    positions: stands,
    events,
  };
  await progress.during('reading the backup back', () => verifyBackup(manifest, place));
  await checkpoint('backup:verified');
  const { bytes, rootHash } = encodeBackup(manifest, place.keys);
  await place.store.put(manifestKey(chain, sequence), bytes);
  return { manifest, rootHash };
}

/**
 * Reads every byte of one backup.
 * @throws JobFailed, which names what is not as it was written; ArchiveFault.
 */
export async function verifyBackup(manifest: BackupManifest, place: OpenArchive): Promise<void> {
  const documents: DocumentsPlace = { ...place, month: manifest.month };
  const { rooms, participants, revocations, registry, positions, events } = manifest;
  for (const entry of [rooms, participants, revocations, registry, positions, events]) {
    let found = 0;
    for await (const _ of readDocuments(entry, documents)) found++;
    if (found !== entry.documents) throw new JobFailed(`${entry.key} has ${found} documents, not ${entry.documents}`);
  }
  for (const { manifest: key, rootHash } of manifest.months) {
    const walk = await ArchiveWalk.open({ manifest: key, rootHash }, place.store, place.keys);
    for await (const { fault } of walk.check()) if (fault) throw fault;
  }
}

interface MonthReading {
  readonly cuts: ReadonlyMap<string, RoomCut>;
  readonly before: ReadonlyMap<string, RoomPosition>;
  /** Moved on with every record. */
  readonly positions: Map<string, RoomPosition>;
}

interface Writing {
  readonly folder: string;
  readonly place: OpenArchive;
  readonly context: JobContext;
}

/** The records that a backup adds of one month, as an archive; undefined when there are none. */
async function writeMonth(
  month: MonthYear,
  { cuts, before, positions }: MonthReading,
  { folder, place, context }: Writing,
): Promise<BackupMonth | undefined> {
  const { database, signal, progress } = context;
  let records = 0;
  async function* moving(tell: (amount: { done: number; unit: string }) => void) {
    for await (const slot of newSlots(month, { database, signal, cuts, before })) {
      const position = positions.get(slot.roomId);
      if (position?.month === month) {
        positions.set(slot.roomId, { ...position, slot: Number(slot.messageId), isSealed: slot.kind === 'seal' });
      }
      tell({ done: ++records, unit: 'messages' });
      yield [slot];
    }
  }
  const segments: SegmentEntry[] = [];
  const keyOf = (index: number): string => `${folder}/${month}/${index}.segment`;
  await progress.during(`copying ${month}`, async (tell) => {
    const writing = writeSegments(moving(tell), { ...place, month, keyOf, dictionary: undefined });
    for await (const segment of writing) segments.push(segment);
  });
  if (segments.length === 0) return undefined;
  const createdAt = new Date(await context.now()).toISOString();
  const { bytes, rootHash } = encodeManifest(
    {
      format: 'parlance-archive',
      formatVersion: 1,
      month,
      manifestVersion: 1,
      createdAt,
      foldedThrough: null,
      dictionary: null,
      segments,
    },
    place.keys,
  );
  const manifest = `${folder}/${month}/manifest`;
  await place.store.put(manifest, bytes);
  return { month, manifest, rootHash, records, holes: segments.reduce((sum, { holes }) => sum + holes, 0) };
}

/** Room events that a backup adds: up to what each room's document tells, and above what the one before has. */
async function* newEvents(
  cuts: ReadonlyMap<string, RoomCut>,
  before: ReadonlyMap<string, RoomPosition>,
  { database, signal }: JobContext,
) {
  const grown = [...cuts.values()].filter(({ roomId, events }) => events > (before.get(roomId)?.events ?? 0));
  for (let from = 0; from < grown.length; from += roomsAtATime) {
    const ranges = grown.slice(from, from + roomsAtATime).map(({ roomId, events }) => {
      const after = before.get(roomId)?.events ?? 0;
      return { roomId, rev: { $gt: Long.fromNumber(after), $lte: Long.fromNumber(events) } };
    });
    yield* rowsOf(database.roomEvents.find({ $or: ranges }, exactly), signal);
  }
}

/** Rows of the rooms that were taken, cut to them. Rooms and rows come in the same order, so nothing is held. */
async function* participantsOf(
  rooms: DocumentsEntry,
  positions: ReadonlyMap<string, RoomPosition>,
  cutAt: Date,
  documents: DocumentsPlace,
  { database, signal }: JobContext,
): AsyncGenerator<ParticipantDocument> {
  let batch: RoomDocument[] = [];
  async function* rowsOfBatch(): AsyncGenerator<ParticipantDocument> {
    const byId = new Map(batch.map((room) => [room.roomId, room]));
    const rows = database.participants.find({ roomId: { $in: [...byId.keys()] } }, exactly);
    for await (const row of rowsOf(rows, signal)) {
      const [room, position] = [byId.get(row.roomId), positions.get(row.roomId)];
      if (room && position) yield cutParticipant(row, room, headOf(position), cutAt);
    }
    batch = [];
  }
  for await (const room of readDocuments(rooms, documents)) {
    batch.push(room as RoomDocument);
    if (batch.length >= roomsAtATime) yield* rowsOfBatch();
  }
  if (batch.length > 0) yield* rowsOfBatch();
}
