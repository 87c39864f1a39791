import {
  clearRestoreMark,
  type MonthYear,
  type RestoreMark,
  raiseLogEpoch,
  readRestoreMark,
  readRunningServices,
  setRestoreMark,
} from '@parlance/storage';
import { type OpenArchive, onArchive, openArchive } from '../../archive/open-archive.js';
import { presentCopy } from '../../archive/present-copy.js';
import { type Command, UsageError } from '../../cli/command.js';
import { type ExitCode, exitCode } from '../../exit-code.js';
import type { JobContext } from '../../job-context.js';
import { JobFailed } from '../../job-failed.js';
import { longRead } from '../../mongo/rows-of.js';
import { readChain, readChains, recordsByMonth, type StoredBackup } from '../backup-chains.js';
import { verifyBackup } from '../write-backup.js';
import { clearDatabase, monthCollections } from './clear-database.js';
import { loadBackup, registryOf } from './load-backup.js';
import { planRestoreBackup, type RestorePoint, type RestoreStep, reasonToStop } from './plan-restore-backup.js';
import { verifyRestore } from './verify-restore.js';

/** What `restore-backup` is asked for. */
export interface RestoreBackupOptions {
  /** Name of the chain; undefined: the newest. */
  readonly chain: string | undefined;
  /** The last backup not after it, Unix milliseconds; undefined: the last one. */
  readonly to: number | undefined;
  /** What is there may be taken away. */
  readonly replace: boolean;
  /** Print the plan and change nothing. */
  readonly dryRun: boolean;
}

/** `jobs restore-backup`: puts a backup into the database. */
export const restoreBackupCommand: Command = {
  name: 'restore-backup',
  usage: 'restore-backup [--chain NAME] [--to TIME] [--replace] [--dry-run]',
  doc: 'Puts a backup into an empty database, or with --replace over what is there, while the chat services are stopped.',
  alone: true,
  options: {
    chain: { type: 'string' },
    to: { type: 'string' },
    replace: { type: 'boolean' },
    'dry-run': { type: 'boolean' },
  },
  run({ chain, to, replace, 'dry-run': dryRun }, context) {
    const time = to === undefined ? undefined : Date.parse(String(to));
    if (Number.isNaN(time)) throw new UsageError('--to must be a time, such as 2026-11-28T21:30:00Z');
    const named = typeof chain === 'string' ? chain : undefined;
    const options = { chain: named, to: time, replace: replace === true, dryRun: dryRun === true };
    return onArchive(() => restoreBackup(options, context));
  },
};

/**
 * Reads the chosen backup whole, then puts it in place and begins a new epoch of every log, so that clients that stayed drop
 * what came after it. Killed at any point it begins anew when it is run again.
 * @throws JobFailed, ArchiveFault, those of the driver.
 */
async function restoreBackup(options: RestoreBackupOptions, context: JobContext): Promise<ExitCode> {
  const { database, report } = context;
  const place = await openArchive(context);
  if (!place) {
    report.plan({ verdict: 'refused', reason: 'ARCHIVE_DRIVER is none: there is no backup' });
    return exitCode.refused;
  }
  const name = options.chain ?? (await readChains(place)).at(-1)?.name;
  const backups = name === undefined ? [] : await readChain(name, place);
  const [rooms, collections, mark, running] = await Promise.all([
    database.rooms.countDocuments({}, longRead),
    monthCollections(database),
    readRestoreMark(database),
    readRunningServices(database),
  ]);
  const points = backups.map((_, index) => pointOf(backups.slice(0, index + 1)));
  const { to, replace } = options;
  const plan = planRestoreBackup({ points, to, replace, present: { rooms, collections }, mark, running });
  report.plan(plan);
  if (plan.verdict === 'refused') return exitCode.refused;
  if (plan.verdict === 'nothing' || options.dryRun) return exitCode.done;
  const sequence = plan.steps.find((step) => step.kind === 'load')?.sequence ?? 0;
  const chain = backups.slice(0, sequence);
  const restore: Restore = { chain, place, mark: await begin(chain, place, context) };
  for (const step of plan.steps) await take(step, restore, context);
  await clearRestoreMark(database);
  return exitCode.done;
}

interface Restore {
  /** The backup and all before it. */
  readonly chain: readonly StoredBackup[];
  readonly place: OpenArchive;
  readonly mark: RestoreMark;
}

/** Reads all that will be needed before anything is taken away, and says that the database is half of a backup from now on. */
async function begin(chain: readonly StoredBackup[], place: OpenArchive, context: JobContext): Promise<RestoreMark> {
  const { database, progress, checkpoint } = context;
  const { manifest } = chain.at(-1) as StoredBackup;
  await progress.during('reading the backup', async () => {
    for (const each of chain) await verifyBackup(each.manifest, place);
    for (const { monthYear, state, archive } of await registryOf(manifest, place)) {
      if (state !== 'ARCHIVED' || !archive) continue;
      if (!(await presentCopy(monthYear, archive, place))) {
        throw new JobFailed(
          `${monthYear} lay in the archive, and its manifest ${archive.manifest} is not there any more`,
        );
      }
    }
  });
  await checkpoint('restore-backup:read');
  const begun = await readRestoreMark(database);
  const epoch = Math.max(
    await context.now(),
    1 + manifest.highestEpoch,
    1 + (await highestEpoch(context)),
    begun?.epoch ?? 0,
  );
  const mark = { chain: manifest.chain, sequence: manifest.sequence, epoch };
  await setRestoreMark(database, mark);
  // A service that starts from now on sees the mark and waits; one that has started since the plan is seen here.
  const running = await readRunningServices(database);
  if (running.length > 0) {
    if (!begun) await clearRestoreMark(database);
    throw new JobFailed(reasonToStop(running));
  }
  await checkpoint('restore-backup:marked');
  return mark;
}

async function take(step: RestoreStep, { chain, place, mark }: Restore, context: JobContext): Promise<void> {
  const { database, progress, report, checkpoint } = context;
  const { manifest } = chain.at(-1) as StoredBackup;
  switch (step.kind) {
    case 'clear':
      await progress.during('taking away what is there', (tell) => clearDatabase(database, tell));
      break;
    case 'load':
      await loadBackup(chain, place, context);
      break;
    case 'verify':
      await progress.during('comparing with the backup', async () =>
        verifyRestore(manifest, await recordsOf(chain, place), place, context),
      );
      break;
    case 'raiseEpochs': {
      const { rooms, epoch } = await raiseLogEpoch(database, { epoch: mark.epoch });
      const { sequence, cutAt } = manifest;
      const text = `backup ${sequence} of chain ${mark.chain} is in place as of ${cutAt}; ${rooms} rooms are in the epoch ${epoch}`;
      report.done(text, { chain: mark.chain, sequence, cutAt, rooms, epoch });
      break;
    }
  }
  await checkpoint(`restore-backup:${step.kind}`);
}

/** Records of each month that is in MongoDB after the restore. */
async function recordsOf(chain: readonly StoredBackup[], place: OpenArchive): Promise<ReadonlyMap<MonthYear, number>> {
  const { manifest } = chain.at(-1) as StoredBackup;
  const records = recordsByMonth(chain);
  const registry = await registryOf(manifest, place);
  const held = registry.filter(({ state }) => state !== 'ARCHIVED').map(({ monthYear }) => monthYear);
  return new Map(held.map((month) => [month, records.get(month) ?? 0]));
}

function pointOf(chain: readonly StoredBackup[]): RestorePoint {
  const { manifest } = chain.at(-1) as StoredBackup;
  const { sequence, cutAt, rooms } = manifest;
  const months = [...recordsByMonth(chain)].map(([month, count]) => ({ month, records: count }));
  return { chain: manifest.chain, sequence, cutAt, rooms: rooms.documents, months };
}

/** Highest epoch of a log that is in the database: no later one may be as low. */
async function highestEpoch({ database }: JobContext): Promise<number> {
  const [last] = await database.rooms
    .find(
      { logEpoch: { $exists: true } },
      { ...longRead, sort: { logEpoch: -1 }, limit: 1, projection: { logEpoch: 1 } },
    )
    .toArray();
  return Number(last?.logEpoch ?? 0);
}
