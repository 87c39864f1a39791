import { setTimeout as delay } from 'node:timers/promises';
import { durable, type MonthYear, majority } from '@parlance/storage';
import { foldMonth } from '../apply/fold-month.js';
import { noteErasure } from '../apply/note-erasure.js';
import { type ExitCode, exitCode } from '../exit-code.js';
import { JobFailed } from '../job-failed.js';
import { heldRooms } from '../mongo/held-rooms.js';
import { roomsOfUser } from '../mongo/rooms-of-user.js';
import { type ErasedRoom, planEraseUser } from '../plan/plan-erase-user.js';
import { purgeCachedMessages } from '../redis/purge-cached-messages.js';
import type { JobSurroundings } from '../surroundings.js';
import { type Command, UsageError } from './command.js';

/** What `erase-user` is asked for. */
export interface EraseUserOptions {
  readonly userId: string;
  readonly dryRun: boolean;
  /**
   * How long after the last note documents are emptied, milliseconds: until then every pod has looked at the room again (2 s),
   * and no send is under way that was let through before. Default 15 s.
   */
  readonly settleMs?: number;
}

/** `jobs erase-user`: takes out what somebody has said. */
export const eraseUserCommand: Command = {
  name: 'erase-user',
  usage: 'erase-user --user USER [--dry-run]',
  doc: 'Erases what a user has written: messages, cached copies, names in room events; prints a certificate of what was rewritten and what cannot be reached. Revoke the tokens of the user first. Needs BODY_HASH_KEY and REDIS_*.',
  alone: true,
  options: { user: { type: 'string' }, 'dry-run': { type: 'boolean' } },
  run({ user, 'dry-run': dryRun }, surroundings) {
    if (typeof user !== 'string' || user === '') throw new UsageError('erase-user needs --user USER');
    if (surroundings.config.bodyHashKey === undefined) throw new UsageError('erase-user needs BODY_HASH_KEY');
    return eraseUser({ userId: user, dryRun: dryRun === true }, surroundings);
  },
};

const defaultSettleMs = 15_000;

/**
 * Erases what a user has written in all rooms that are under no hold. May be stopped anywhere and run again. Answers
 * `exitCode.found` when something was left: a room under a hold, a month in the archive, a cache that was not reached.
 * Errors: JobFailed; what the driver throws.
 */
export async function eraseUser(options: EraseUserOptions, surroundings: JobSurroundings): Promise<ExitCode> {
  const { userId, dryRun, settleMs = defaultSettleMs } = options;
  const { database, report, progress, config, signal, checkpoint } = surroundings;
  const rooms = await roomsOfUser(userId, surroundings);
  const plan = planEraseUser(userId, rooms);
  report.plan(plan);
  if (plan.verdict !== 'run') return exitCode.done;
  const holds = new Map(rooms.flatMap(({ roomId, hold }) => (hold ? [[roomId, hold.name] as const] : [])));
  if (dryRun) return holds.size > 0 ? exitCode.found : exitCode.done;

  for (const step of plan.steps) {
    if (step.kind !== 'note') continue;
    await checkpoint('erase-user:noting');
    const upTo = rooms.find(({ roomId }) => roomId === step.roomId)?.head ?? 0;
    if ((await noteErasure({ roomId: step.roomId, userId, upTo }, surroundings)) === 'held')
      holds.set(step.roomId, 'set while this job ran');
  }
  await progress.during('waiting until every pod knows', () => delay(settleMs, undefined, { signal }));
  const late = await heldRooms(
    database,
    rooms.map(({ roomId }) => roomId),
  );
  for (const [roomId, name] of late) holds.set(roomId, name);
  const free = rooms.filter(({ roomId }) => !holds.has(roomId));
  const purged = await purgeCachedMessages(new Set(free.map(({ roomId }) => roomId)), config);
  await checkpoint('erase-user:purged');
  const emptied = await foldMonths(userId, free, surroundings);
  const events = await emptyEvents(userId, free, surroundings);
  const left = planEraseUser(
    userId,
    (await roomsOfUser(userId, surroundings)).filter(({ roomId }) => !holds.has(roomId)),
  );
  if (left.verdict === 'run' && left.steps.some(({ kind }) => kind === 'fold'))
    throw new JobFailed(`${userId} has written meanwhile; revoke the user's tokens first`);

  const archived = [...new Set(free.flatMap((room) => room.archived))].toSorted();
  const at = (await database.db.command({ hello: 1 }))['localTime'] as Date;
  report.done(`certificate: what ${userId} has written is erased in ${free.length} rooms`, {
    userId,
    at,
    rooms: free.map(({ roomId }) => roomId),
    messagesEmptied: Object.fromEntries(emptied),
    roomEventsEmptied: events,
    cachedKeysDeleted: purged ?? null,
    held: Object.fromEntries(holds),
    notReached: [
      ...archived.map(
        (month) =>
          `the archive of ${month}: no reader shows it, its files are as they were until restore-month --live, erase-user and archive-months`,
      ),
      ...(purged === undefined ? ['cached messages in Redis: it was not reached, they expire within 24 hours'] : []),
      'backups that were made before',
      'what the programs and devices of others have stored, and messages on their way out of them',
      'the space that the old documents took on disk, until MongoDB uses it again',
      'names and descriptions that rooms show now',
    ],
  });
  return holds.size > 0 || archived.length > 0 || purged === undefined ? exitCode.found : exitCode.done;
}

async function foldMonths(
  userId: string,
  rooms: readonly ErasedRoom[],
  surroundings: JobSurroundings,
): Promise<ReadonlyMap<MonthYear, number>> {
  const { bodyHashKey: nameKey } = surroundings.config;
  const emptied = new Map<MonthYear, number>();
  for (const month of [...new Set(rooms.flatMap(({ messages }) => [...messages.keys()]))].toSorted()) {
    const folds = rooms
      .filter(({ messages }) => messages.has(month))
      .map(({ roomId, head }) => ({ roomId, userId, upTo: head, ...(nameKey === undefined ? {} : { nameKey }) }));
    emptied.set(month, await foldMonth(month, folds, 'erase-user', surroundings));
  }
  return emptied;
}

async function emptyEvents(
  userId: string,
  rooms: readonly ErasedRoom[],
  { database, checkpoint }: JobSurroundings,
): Promise<number> {
  let emptied = 0;
  for (const { roomId, events } of rooms) {
    if (events === 0) continue;
    await checkpoint('erase-user:events');
    const [newest] = await database.roomEvents
      .find({ roomId, kind: 'updated' }, { ...majority(), sort: { rev: -1 }, limit: 1 })
      .toArray();
    if (!newest) continue;
    const filter = { roomId, kind: 'updated', by: userId, rev: { $lt: newest.rev } } as const;
    const { modifiedCount } = await database.roomEvents.updateMany(filter, { $set: { metadata: {} } }, durable());
    emptied += modifiedCount;
  }
  return emptied;
}
