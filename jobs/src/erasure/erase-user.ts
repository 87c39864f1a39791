import { setTimeout as delay } from 'node:timers/promises';
import { type ChatDatabase, durable, inTime, type MonthDocument, type MonthYear, majority } from '@parlance/storage';
import { type OpenArchive, onArchive, openArchive } from '../archive/open-archive.js';
import { type Command, UsageError } from '../cli/command.js';
import { type ExitCode, exitCode } from '../exit-code.js';
import { EmptyingRooms } from '../fold/emptying-rooms.js';
import { type FoldedMonth, foldMonth } from '../fold/fold-month.js';
import type { JobContext } from '../job-context.js';
import { JobFailed } from '../job-failed.js';
import { purgeCachedMessages } from '../redis/purge-cached-messages.js';
import { CertificateFile } from '../report/certificate-file.js';
import { heldRooms } from '../retention/held-rooms.js';
import { noteErasure } from './note-erasure.js';
import { type ErasedRoom, type EraseUserStep, planEraseUser, sumByMonth } from './plan-erase-user.js';
import { roomsOfUser } from './rooms-of-user.js';

/** What `erase-user` is asked for. */
export interface EraseUserOptions {
  readonly userId: string;
  readonly dryRun: boolean;
  /** File that the certificate is written to; it may not be there. */
  readonly certificate?: string;
  /** Size of a segment of the archive, bytes; default that of the format. */
  readonly segmentBytes?: number;
  /**
   * How long after the last note documents are emptied, milliseconds: until then every pod has looked at the room again (2 s),
   * and no send is under way that was let through before. Default 15 s.
   */
  readonly settleMs?: number;
}

/** `jobs erase-user`: takes out what somebody has said. */
export const eraseUserCommand: Command = {
  name: 'erase-user',
  usage: 'erase-user --user USER [--certificate FILE] [--dry-run]',
  doc: 'Erases what a user has written: messages, in the archive too, cached copies, names in room events; prints a certificate of what was rewritten and what cannot be reached, and writes it to a new FILE. Revoke the tokens of the user first. Needs BODY_HASH_KEY and REDIS_*.',
  alone: true,
  options: { user: { type: 'string' }, certificate: { type: 'string' }, 'dry-run': { type: 'boolean' } },
  run({ user, certificate, 'dry-run': dryRun }, context) {
    if (typeof user !== 'string' || user === '') throw new UsageError('erase-user needs --user USER');
    if (context.config.bodyHashKey === undefined) throw new UsageError('erase-user needs BODY_HASH_KEY');
    if (certificate === '') throw new UsageError('--certificate needs the name of a file');
    const options = { userId: user, dryRun: dryRun === true };
    return eraseUser(certificate === undefined ? options : { ...options, certificate: String(certificate) }, context);
  },
};

const defaultSettleMs = 15_000;

/** The name under which the job claims months. */
const eraseJob = 'erase-user';

/**
 * Erases what a user has written in all rooms that are under no hold. May be stopped anywhere and run again. Answers
 * `exitCode.found` when something was left: a room under a hold, an archive that could not be read, a cache that was not
 * reached.
 * @throws JobFailed; what the driver throws.
 */
export async function eraseUser(options: EraseUserOptions, context: JobContext): Promise<ExitCode> {
  const { userId, dryRun, settleMs = defaultSettleMs } = options;
  const { database, report, progress, signal, checkpoint, now } = context;
  const archive = await openArchive(context);
  const file =
    options.certificate === undefined ? undefined : await CertificateFile.open(options.certificate, context.run);
  const look = () => onArchive(() => roomsOfUser(userId, archive, context));
  const entries = await database.months.find({}, majority()).toArray();
  const rooms = await look();
  const unfinished = entries.filter(({ work }) => work?.job === eraseJob).map(({ monthYear }) => monthYear);
  const plan = planEraseUser(userId, rooms, unfinished);
  report.plan(plan);
  const holds = new Map(rooms.flatMap(({ roomId, hold }) => (hold ? [[roomId, hold.name] as const] : [])));
  const isLeft = plan.verdict === 'run' && plan.steps.some(({ kind }) => kind === 'held' || kind === 'left');
  if (dryRun || (plan.verdict !== 'run' && !file)) return isLeft ? exitCode.found : exitCode.done;
  const steps = plan.verdict === 'run' ? plan.steps : [];

  let isNoted = false;
  for (const step of steps) {
    if (step.kind !== 'note') continue;
    isNoted = true;
    await checkpoint('erase-user:noting');
    const upTo = rooms.find(({ roomId }) => roomId === step.roomId)?.head ?? 0;
    if ((await noteErasure({ roomId: step.roomId, userId, upTo }, context)) === 'held')
      holds.set(step.roomId, 'set while this job ran');
  }
  const waitMs = await leftToSettle(rooms, isNoted, settleMs, now);
  if (steps.length > 0)
    await progress.during('waiting until every pod knows', () => delay(waitMs, undefined, { signal }));
  const late = await heldRooms(
    database,
    rooms.map(({ roomId }) => roomId),
  );
  for (const [roomId, name] of late) holds.set(roomId, name);
  const free = rooms.filter(({ roomId }) => !holds.has(roomId));
  const purged = await purgeCachedMessages(new Set(free.map(({ roomId }) => roomId)), context);
  await checkpoint('erase-user:purged');
  const months = await onArchive(() => foldMonths(options, { rooms: free, steps, entries }, archive, context));
  for (const { held } of months.values()) for (const [roomId, name] of held) holds.set(roomId, name);
  const events = await emptyEvents(userId, free, holds, context);
  const after = (await look()).filter(({ roomId }) => !holds.has(roomId));
  const left = planEraseUser(userId, after);
  if (left.verdict === 'run' && left.steps.some(({ kind }) => kind === 'fold' || kind === 'rewrite'))
    throw new JobFailed(`${userId} has written meanwhile; revoke the user's tokens first`);

  const unread = new Map(after.flatMap((room) => [...room.unread]));
  const at = (await database.db.command({ hello: 1 }))['localTime'] as Date;
  const certificate = {
    userId,
    at,
    rooms: after.map(({ roomId }) => roomId),
    emptied: {
      collections: Object.fromEntries(sumByMonth(after.map(({ emptied: { live } }) => live))),
      archives: await archivesOf(after, database),
    },
    byThisRun: {
      messagesEmptied: Object.fromEntries([...months].map(([month, { emptied }]) => [month, emptied])),
      archivesRewritten: Object.fromEntries(
        [...months].flatMap(([month, { rewritten }]) => (rewritten ? [[month, rewritten]] : [])),
      ),
      archiveObjectsRemoved: [...months.values()].reduce((sum, { removed }) => sum + removed, 0),
      roomEventsEmptied: events,
      cachedKeysDeleted: purged ?? null,
    },
    held: Object.fromEntries(holds),
    notReached: [
      ...[...unread].map(([month, reason]) => `the archive of ${month}: no reader shows it, and ${reason}`),
      ...(purged === undefined ? ['cached messages in Redis: it was not reached, they expire within 24 hours'] : []),
      ...[...new Set([...months.values()].flatMap(({ unswept }) => unswept ?? []))].map(
        (reason) => `uploads to the archive that were begun and never finished, which it does not list: ${reason}`,
      ),
      'backups that were made before',
      'logs of MongoDB and Redis servers that are not told to log no slow operations',
      'what the programs and devices of others have stored, and messages on their way out of them',
      'the space that the old documents took on disk, until MongoDB uses it again',
      'versions and snapshots that the store of the archive or a disk keeps by itself',
      'names and descriptions that rooms show now',
    ],
  };
  await file?.write(certificate);
  report.done(`certificate: what ${userId} has written is erased in ${after.length} rooms`, certificate);
  return holds.size > 0 || unread.size > 0 || purged === undefined ? exitCode.found : exitCode.done;
}

/** Messages that are empty in the archive by month, with the manifest that says so. */
async function archivesOf(rooms: readonly ErasedRoom[], database: ChatDatabase) {
  const counts = sumByMonth(rooms.map(({ emptied: { archived } }) => archived));
  const entries = await database.months.find({ monthYear: { $in: [...counts.keys()] } }, majority()).toArray();
  return Object.fromEntries(
    entries.map(({ monthYear, archive }) => [
      monthYear,
      { messages: counts.get(monthYear), manifest: archive?.manifest },
    ]),
  );
}

/** How long it is until every pod knows of the last note, milliseconds. */
async function leftToSettle(
  rooms: readonly ErasedRoom[],
  isNoted: boolean,
  settleMs: number,
  now: () => Promise<number>,
) {
  if (isNoted) return settleMs;
  const last = Math.max(...rooms.map(({ notedAt }) => notedAt ?? 0));
  return Math.min(settleMs, Math.max(0, last + settleMs - (await now())));
}

interface FoldedRooms {
  readonly rooms: readonly ErasedRoom[];
  readonly steps: readonly EraseUserStep[];
  /** As they were when the rooms were looked through. */
  readonly entries: readonly MonthDocument[];
}

async function foldMonths(
  { userId, segmentBytes }: EraseUserOptions,
  { rooms, steps, entries }: FoldedRooms,
  archive: OpenArchive | undefined,
  context: JobContext,
): Promise<ReadonlyMap<MonthYear, FoldedMonth>> {
  const { bodyHashKey: nameKey } = context.config;
  const done = new Map<MonthYear, FoldedMonth>();
  const months = steps.flatMap((step) =>
    step.kind === 'fold' || step.kind === 'rewrite' || step.kind === 'finish' ? [step.month] : [],
  );
  for (const month of [...new Set(months)].toSorted()) {
    const folds = rooms
      .filter(({ messages, archived }) => messages.has(month) || archived.has(month))
      .map(({ roomId, head }) => ({ roomId, userId, upTo: head, ...(nameKey === undefined ? {} : { nameKey }) }));
    const epoch = entries.find(({ monthYear }) => monthYear === month)?.epoch ?? 0;
    const order = { month, epoch, folds, job: eraseJob, reason: `messages of ${userId} were erased`, archive };
    done.set(month, await foldMonth(segmentBytes === undefined ? order : { ...order, segmentBytes }, context));
  }
  return done;
}

/** Adds to `holds` what it has left. */
async function emptyEvents(
  userId: string,
  rooms: readonly ErasedRoom[],
  holds: Map<string, string>,
  context: JobContext,
): Promise<number> {
  const { database, checkpoint } = context;
  let emptied = 0;
  for (const { roomId, events } of rooms) {
    if (events === 0 || holds.has(roomId)) continue;
    await checkpoint('erase-user:events');
    const [newest] = await database.roomEvents
      .find({ roomId, kind: 'updated' }, { ...majority(), sort: { rev: -1 }, limit: 1 })
      .toArray();
    if (!newest) continue;
    const right = new EmptyingRooms([roomId], context);
    await right.begin();
    for (const [held, name] of right.held) holds.set(held, name);
    if (holds.has(roomId)) continue;
    const { until } = right;
    const filter = { roomId, kind: 'updated', by: userId, rev: { $lt: newest.rev }, ...inTime(until) } as const;
    const { modifiedCount } = await database.roomEvents.updateMany(filter, { $set: { metadata: {} } }, durable());
    emptied += modifiedCount;
    await right.end();
  }
  return emptied;
}
