import { ArchiveFault, ArchiveWalk, type MonthDocument, type MonthYear, majority, parseMonth } from '@parlance/storage';
import { archiveRoot } from '../archive/archive-objects.js';
import { type OpenArchive, onArchive, openArchive } from '../archive/open-archive.js';
import { type ExitCode, exitCode } from '../exit-code.js';
import type { Plan, PlannedStep } from '../plan/plan.js';
import type { JobSurroundings } from '../surroundings.js';
import { type Command, UsageError } from './command.js';

/** What `scrub-archive` is asked for. */
export interface ScrubArchiveOptions {
  /** Only this one; default all that are archived. */
  readonly month?: MonthYear;
  /** Print the plan and read nothing. */
  readonly dryRun: boolean;
}

/** `jobs scrub-archive`: looks for damage before somebody needs what is damaged. */
export const scrubArchiveCommand: Command = {
  name: 'scrub-archive',
  usage: 'scrub-archive [--month YYYY-MM] [--dry-run]',
  doc: 'Reads every byte of the archive and compares it with the hashes that MongoDB and the manifests hold; names what is damaged, missing or of no archive.',
  alone: true,
  options: { month: { type: 'string' }, 'dry-run': { type: 'boolean' } },
  run(values, surroundings) {
    const dryRun = values['dry-run'] === true;
    if (values['month'] === undefined) return scrubArchive({ dryRun }, surroundings);
    const month = parseMonth(String(values['month']));
    if (!month) throw new UsageError('--month must be YYYY-MM');
    return scrubArchive({ month, dryRun }, surroundings);
  },
};

/**
 * Reads the archives of all months, or of one, and compares every byte. Changes nothing. Ends with `found` when an object is
 * damaged or missing. Errors: JobFailed when the store does not answer; what the driver throws.
 */
export async function scrubArchive(options: ScrubArchiveOptions, surroundings: JobSurroundings): Promise<ExitCode> {
  const { database, config, report } = surroundings;
  const archive = await openArchive(config);
  const months = await database.months.find({}, majority()).sort({ monthYear: 1 }).toArray();
  const entries = months.filter(({ archive }) => archive !== undefined);
  const plan = planScrub(entries, options.month, archive !== undefined);
  report.plan(plan);
  if (plan.verdict === 'refused') return exitCode.refused;
  if (plan.verdict === 'nothing' || options.dryRun || !archive) return exitCode.done;
  let faults = 0;
  const known = new Set<string>();
  for (const entry of entries) {
    const isAsked = options.month === undefined || options.month === entry.monthYear;
    faults += await onArchive(() => scrub(entry, isAsked, archive, known, surroundings));
  }
  if (options.month === undefined) await onArchive(() => tellOrphans(months, archive, known, surroundings));
  return faults > 0 ? exitCode.found : exitCode.done;
}

function planScrub(
  entries: readonly MonthDocument[],
  asked: MonthYear | undefined,
  hasArchive: boolean,
): Plan<PlannedStep> {
  if (!hasArchive) return { verdict: 'refused', reason: 'no archive is configured: ARCHIVE_DRIVER is none' };
  const wanted = entries.filter(({ monthYear }) => asked === undefined || asked === monthYear);
  if (asked !== undefined && wanted.length === 0) return { verdict: 'refused', reason: `${asked} was never archived` };
  if (wanted.length === 0) return { verdict: 'nothing', reason: 'no month is archived' };
  const steps = wanted.map(({ monthYear, archive }) => ({
    kind: 'scrub',
    what: `read ${String(archive?.bytes)} bytes of ${monthYear} and compare them`,
    reason: `its archive is ${archive?.manifest}`,
  }));
  return { verdict: 'run', steps };
}

/** Compares one archive; answers how many objects are not as they have to be. Adds what its manifest names to `known`. */
async function scrub(
  { monthYear: month, archive: copy }: MonthDocument,
  isAsked: boolean,
  archive: OpenArchive,
  known: Set<string>,
  { progress, report, signal, checkpoint }: JobSurroundings,
): Promise<number> {
  if (!copy) return 0;
  known.add(copy.manifest);
  const walk = await opened(copy, archive);
  if (walk instanceof ArchiveFault) {
    if (isAsked) report.done(`${month}: ${walk.message}`, { month, fault: walk.trouble, key: copy.manifest });
    return isAsked ? 1 : 0;
  }
  const { dictionary, segments } = walk.manifest;
  for (const { key } of [...(dictionary ? [dictionary] : []), ...segments]) known.add(key);
  if (!isAsked) return 0;
  const total = segments.length + (dictionary ? 1 : 0);
  let faults = 0;
  let bytes = 0;
  await progress.during(`reading the archive of ${month}`, async (tell) => {
    let done = 0;
    for await (const checked of walk.check()) {
      signal.throwIfAborted();
      bytes += checked.bytes;
      tell({ done: ++done, total, unit: 'objects' });
      if (!checked.fault) continue;
      faults++;
      report.done(`${month}: ${checked.fault.message}`, { month, fault: checked.fault.trouble, key: checked.key });
    }
  });
  await checkpoint('scrub-archive:month');
  if (faults === 0)
    report.done(`${month} is as it was archived: ${total} objects, ${bytes} bytes`, { month, objects: total, bytes });
  return faults;
}

async function opened(
  copy: NonNullable<MonthDocument['archive']>,
  { store, keys }: OpenArchive,
): Promise<ArchiveWalk | ArchiveFault> {
  try {
    return await ArchiveWalk.open(copy, store, keys);
  } catch (thrown) {
    if (thrown instanceof ArchiveFault && (thrown.trouble === 'damaged' || thrown.trouble === 'missing')) return thrown;
    throw thrown;
  }
}

/** Objects that no manifest names: what stopped runs have left. The next archiving of their month removes them. */
async function tellOrphans(
  months: readonly MonthDocument[],
  { store }: OpenArchive,
  known: ReadonlySet<string>,
  { report }: JobSurroundings,
): Promise<void> {
  const worked = months.filter(({ work }) => work !== undefined).map(({ monthYear }) => `${archiveRoot}${monthYear}/`);
  let objects = 0;
  let bytes = 0;
  for await (const object of store.list(archiveRoot)) {
    if (known.has(object.key) || worked.some((folder) => object.key.startsWith(folder))) continue;
    objects++;
    bytes += object.bytes;
  }
  if (objects > 0)
    report.done(`${objects} objects with ${bytes} bytes belong to no archive`, { orphans: objects, bytes });
}
