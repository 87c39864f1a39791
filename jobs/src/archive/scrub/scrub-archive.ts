import {
  ArchiveFault,
  ArchiveWalk,
  type MonthDocument,
  type MonthYear,
  majority,
  parseMonth,
  type UnfinishedUpload,
} from '@parlance/storage';
import { backupsFolder } from '../../backup/backup-chains.js';
import { type Command, UsageError } from '../../cli/command.js';
import { type ExitCode, exitCode } from '../../exit-code.js';
import type { JobContext } from '../../job-context.js';
import { noteVerified } from '../../months/month-registry.js';
import type { JobReport } from '../../report/job-report.js';
import { archiveRoot } from '../archive-objects.js';
import { type OpenArchive, onArchive, openArchive } from '../open-archive.js';
import { amountOf, leftBehind, planScrubArchive } from './plan-scrub-archive.js';

/** What `scrub-archive` is asked for. */
export interface ScrubArchiveOptions {
  /** Only this one; default all that are archived. */
  readonly month?: MonthYear;
  /** Remove what was begun in the store more than a day ago and never finished. Default `false`. */
  readonly sweep?: boolean;
  /** Print the plan and read nothing. */
  readonly dryRun: boolean;
}

/** `jobs scrub-archive`: looks for damage before somebody needs what is damaged. */
export const scrubArchiveCommand: Command = {
  name: 'scrub-archive',
  usage: 'scrub-archive [--month YYYY-MM | --sweep] [--dry-run]',
  doc: 'Reads every byte of the archive and compares it with the hashes that MongoDB and the manifests hold; names what is damaged, missing or of no archive; with --sweep removes what was begun there more than a day ago and never finished.',
  alone: true,
  options: { month: { type: 'string' }, sweep: { type: 'boolean' }, 'dry-run': { type: 'boolean' } },
  run(values, context) {
    const dryRun = values['dry-run'] === true;
    const sweep = values['sweep'] === true;
    if (values['month'] === undefined) return scrubArchive({ dryRun, sweep }, context);
    if (sweep) throw new UsageError('--sweep is for all that is in the archive, not for one month');
    const month = parseMonth(String(values['month']));
    if (!month) throw new UsageError('--month must be YYYY-MM');
    return scrubArchive({ month, dryRun }, context);
  },
};

/**
 * Reads the archives of all months, or of one, and compares every byte. A month that lies there alone and is whole gets the time
 * of it (`verifiedAt`). Removes nothing but with `sweep`, and then no object. Ends with `found` when an object is damaged or
 * missing.
 * @throws JobFailed when the store does not answer; what the driver throws.
 */
export async function scrubArchive(options: ScrubArchiveOptions, context: JobContext): Promise<ExitCode> {
  const { database, report } = context;
  const archive = await openArchive(context);
  const months = await database.months.find({}, majority()).sort({ monthYear: 1 }).toArray();
  const entries = months.filter(({ archive }) => archive !== undefined);
  const { month: asked, sweep = false } = options;
  const unfinished =
    archive === undefined || asked ? [] : await onArchive(() => unfinishedUploads(archive, sweep, report));
  const now = await context.now();
  const plan = planScrubArchive({ now, hasArchive: archive !== undefined, months: entries, asked, unfinished, sweep });
  report.plan(plan);
  if (plan.verdict === 'refused') return exitCode.refused;
  if (plan.verdict === 'nothing' || options.dryRun || !archive) return exitCode.done;
  let faults = 0;
  const known = new Set<string>();
  for (const entry of entries) {
    const isAsked = asked === undefined || asked === entry.monthYear;
    faults += await onArchive(() => scrub(entry, isAsked, archive, known, context));
  }
  if (asked === undefined) await onArchive(() => tellOrphans(months, archive, known, context));
  for (const step of plan.steps) {
    if (step.kind === 'sweep') await onArchive(() => discard(step.uploads, archive, context));
  }
  const left = sweep ? [] : leftBehind({ unfinished, now });
  if (left.length > 0) report.done(`${amountOf(left)} were left behind; --sweep removes them`, { left: left.length });
  return faults > 0 ? exitCode.found : exitCode.done;
}

/** Compares one archive; answers how many objects are not as they have to be. Adds what its manifest names to `known`. */
async function scrub(
  entry: MonthDocument,
  isAsked: boolean,
  archive: OpenArchive,
  known: Set<string>,
  { database, progress, report, findings, signal, checkpoint, now }: JobContext,
): Promise<number> {
  const { monthYear: month, archive: copy, state } = entry;
  if (!copy) return 0;
  known.add(copy.manifest);
  const walk = await opened(copy, archive);
  if (walk instanceof ArchiveFault) {
    if (!isAsked) return 0;
    findings.add(walk.trouble);
    report.done(`${month}: ${walk.message}`, { month, fault: walk.trouble, key: copy.manifest });
    return 1;
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
      findings.add(checked.fault.trouble);
      report.done(`${month}: ${checked.fault.message}`, { month, fault: checked.fault.trouble, key: checked.key });
    }
  });
  await checkpoint('scrub-archive:month');
  if (faults > 0) return faults;
  report.done(`${month} is as it was archived: ${total} objects, ${bytes} bytes`, { month, objects: total, bytes });
  // Of a month that was brought back, the copy says nothing of what is read.
  if (state === 'ARCHIVED') await noteVerified(database, entry, new Date(await now()), undefined);
  return 0;
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
  { report }: JobContext,
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

/**
 * Of archives and backups; others may keep what is theirs in the same bucket. A store may not be allowed to list them: that is
 * told, and fails the job only where they are to be removed.
 */
async function unfinishedUploads(
  { store }: OpenArchive,
  sweep: boolean,
  report: JobReport,
): Promise<readonly UnfinishedUpload[]> {
  const found: UnfinishedUpload[] = [];
  try {
    for await (const upload of store.unfinished()) {
      const { key } = upload;
      if (key === undefined || [archiveRoot, backupsFolder].some((root) => key.startsWith(root))) found.push(upload);
    }
  } catch (thrown) {
    if (sweep || !(thrown instanceof ArchiveFault)) throw thrown;
    report.done(`uploads that were never finished are not looked for: ${thrown.message}`, { unlisted: thrown.trouble });
  }
  return found;
}

async function discard(
  uploads: readonly UnfinishedUpload[],
  { store }: OpenArchive,
  { report, checkpoint }: JobContext,
): Promise<void> {
  for (const upload of uploads) {
    await checkpoint('scrub-archive:sweeping');
    await store.discard(upload);
  }
  report.done(`removed ${amountOf(uploads)}`, { swept: uploads.length });
}
