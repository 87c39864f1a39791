import { logEpochOf, majority, readRestoreMark } from '@parlance/storage';
import { type OpenArchive, onArchive, openArchive } from '../archive/open-archive.js';
import type { Command } from '../cli/command.js';
import { numberOption } from '../cli/number-option.js';
import { type ExitCode, exitCode } from '../exit-code.js';
import type { JobContext } from '../job-context.js';
import { longRead, rowsOf } from '../mongo/rows-of.js';
import { readChain, readChains, recordsByMonth, removeChain, strayObjects } from './backup-chains.js';
import { planBackup } from './plan-backup.js';
import { registryOf } from './restore/load-backup.js';
import { writeBackup } from './write-backup.js';

const keepRange = { least: 1, most: 10_000, otherwise: 1 } as const;

/** What `backup` is asked for. */
export interface BackupOptions {
  /** Begin a new chain. */
  readonly full: boolean;
  /** How many of the newest backups have to stay; older chains are removed. Undefined: all stay. */
  readonly keep: number | undefined;
  /** Print the plan and change nothing. */
  readonly dryRun: boolean;
}

/** `jobs backup`: copies the running database. */
export const backupCommand: Command = {
  name: 'backup',
  usage: 'backup [--full] [--keep N] [--dry-run]',
  doc: 'Copies all rooms and what their logs have since the last backup to where archives lie, beside running services; with --keep removes older chains that the newest N backups do not need.',
  alone: true,
  options: { full: { type: 'boolean' }, keep: { type: 'string' }, 'dry-run': { type: 'boolean' } },
  run(values, context) {
    const keep = values['keep'] === undefined ? undefined : numberOption(values, 'keep', keepRange);
    const options = { full: values['full'] === true, keep, dryRun: values['dry-run'] === true };
    return onArchive(() => backup(options, context));
  },
};

/**
 * Adds a backup to the newest chain, or begins one, and reads it back: `exitCode.found` when a room's log has a hole, and
 * then no older one is removed. Killed at any point it leaves the chain as it was.
 * @throws JobFailed, ArchiveFault, those of the driver.
 */
async function backup({ full, keep, dryRun }: BackupOptions, context: JobContext): Promise<ExitCode> {
  const { database, report, checkpoint } = context;
  const place = await openArchive(context);
  if (!place) {
    report.plan({ verdict: 'refused', reason: 'ARCHIVE_DRIVER is none: there is nowhere to put a backup' });
    return exitCode.refused;
  }
  const [months, rooms, chains, mark] = await Promise.all([
    database.months.find({}, { ...majority(), sort: { monthYear: 1 } }).toArray(),
    readRooms(context),
    readChains(place),
    readRestoreMark(database),
  ]);
  const newest = chains.at(-1)?.name;
  const backups = newest === undefined ? [] : await readChain(newest, place);
  const last = backups.at(-1);
  const strays = await strayObjects(place, backups);
  const plan = planBackup({
    months,
    ...rooms,
    now: await context.now(),
    chain: last && {
      name: last.manifest.chain,
      backups: backups.length,
      highestEpoch: Math.max(...backups.map(({ manifest }) => manifest.highestEpoch)),
      months: await registryOf(last.manifest, place),
      records: recordsByMonth(backups),
    },
    chains,
    keep,
    full,
    strays: strays.length,
    isRestoring: mark !== undefined,
  });
  report.plan(plan);
  if (plan.verdict === 'refused') return exitCode.refused;
  if (plan.verdict === 'nothing' || dryRun) return exitCode.done;
  let holes = 0;
  for (const step of plan.steps) {
    if (step.kind === 'tidy') {
      for (const key of strays) await place.store.delete(key);
      await checkpoint('backup:tidied');
      continue;
    }
    if (step.kind === 'prune') {
      if (holes === 0) await prune(step.chains, place, context);
      continue;
    }
    const { chain, isIncrement, months } = step;
    const order = { chain, months, previous: isIncrement ? last : undefined };
    const { manifest } = await writeBackup(order, place, context);
    const { sequence, cutAt } = manifest;
    const messages = manifest.months.reduce((sum, { records }) => sum + records, 0);
    holes = manifest.months.reduce((sum, each) => sum + each.holes, 0);
    const text = `backup ${sequence} of chain ${chain} is complete and read back: ${manifest.rooms.documents} rooms and ${messages} records as of ${cutAt}`;
    report.done(text, { chain, sequence, cutAt, rooms: manifest.rooms.documents, records: messages, holes });
  }
  if (holes === 0) return exitCode.done;
  context.findings.add('hole', holes);
  report.done(`${holes} ids are missing within logs: they were missing in MongoDB`, { holes });
  return exitCode.found;
}

async function prune(chains: readonly string[], place: OpenArchive, { report, checkpoint }: JobContext): Promise<void> {
  for (const chain of chains) await removeChain(chain, place, checkpoint);
  report.done(`removed ${chains.length} chains of backups: ${chains.join(', ')}`, { removed: chains });
}

/** How many there are, and the highest epoch of those logs that were begun anew. */
async function readRooms({ database, signal, progress }: JobContext) {
  return await progress.during('looking at rooms', async (tell) => {
    let rooms = 0;
    let highestEpoch = 0;
    const found = database.rooms.find(
      { logEpoch: { $exists: true } },
      { ...longRead, projection: { logEpoch: 1, createdAt: 1 } },
    );
    for await (const room of rowsOf(found, signal)) {
      highestEpoch = Math.max(highestEpoch, logEpochOf(room));
      tell({ done: ++rooms, unit: 'rooms' });
    }
    return { rooms: await database.rooms.countDocuments({}, majority(60_000)), highestEpoch };
  });
}
