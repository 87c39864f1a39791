import { dueTier, endOfRetries, type MonthDocument, type MonthYear, type TierPolicy } from '@parlance/storage';
import type { Plan, PlannedStep } from '../plan.js';

/** What `archive-months` has found. */
export interface ArchiveInventory {
  /** MongoDB's clock, Unix milliseconds. */
  readonly now: number;
  readonly policy: TierPolicy;
  /** Whether a place for archives is configured. */
  readonly hasArchive: boolean;
  /** All that are registered. */
  readonly months: readonly ArchivableMonth[];
  /** The only months that are asked for; all that are due when it is empty. */
  readonly asked: readonly MonthYear[];
}

/** What counts of a month's entry. */
export type ArchivableMonth = Pick<MonthDocument, 'monthYear' | 'state' | 'tier' | 'epoch' | 'work' | 'archive'>;

/** A step of `archive-months`. */
export interface ArchiveStep extends PlannedStep {
  /** `copy`: copy, verify, send readers there. `drop`: drop the collection and put a view in its place. */
  readonly kind: 'copy' | 'drop';
  readonly month: MonthYear;
  readonly epoch: number;
}

/** The name under which the job claims a month. */
export const archiveJob = 'archive-months';

/** Which months are to be copied into the archive and which to be dropped, the oldest first. Pure. */
export function planArchiveMonths(inventory: ArchiveInventory): Plan<ArchiveStep> {
  const { hasArchive, months, asked, now } = inventory;
  if (!hasArchive) return { verdict: 'refused', reason: 'no archive is configured: ARCHIVE_DRIVER is none' };
  const known = new Set(months.map(({ monthYear }) => monthYear));
  const unknown = asked.find((month) => !known.has(month));
  if (unknown) return { verdict: 'refused', reason: `${unknown} is not registered` };
  const wanted = months
    .filter(({ monthYear }) => asked.length === 0 || asked.includes(monthYear))
    .toSorted((one, other) => (one.monthYear < other.monthYear ? -1 : 1));
  const refusal =
    asked.length > 0 ? wanted.map((month) => refusalOf(month, now)).find((reason) => reason !== undefined) : undefined;
  if (refusal !== undefined) return { verdict: 'refused', reason: refusal };
  const steps = wanted.map((month) => stepOf(month, inventory)).filter((step) => step !== undefined);
  if (steps.length > 0) return { verdict: 'run', steps };
  const waiting = wanted.filter((month) => isWaiting(month));
  return {
    verdict: 'nothing',
    reason:
      waiting.length > 0
        ? `no month is due; ${waiting.map((month) => `${month.monthYear} stays in MongoDB until ${untilOf(month)}`).join(', ')}`
        : 'no month is due for the archive',
  };
}

/** Why a month that somebody asks for may not be archived now. */
function refusalOf({ monthYear, state, work }: ArchivableMonth, now: number): string | undefined {
  if (state === 'OPEN') return `${monthYear} is OPEN: seal-month comes first`;
  if (now < endOfRetries(monthYear)) {
    const until = new Date(endOfRetries(monthYear)).toISOString();
    return `retries of messages in ${monthYear} are recognised until ${until}, and the archive knows none of them`;
  }
  return isOthers(work) ? `${monthYear} is not done with ${work?.job}, which stopped at ${work?.step}` : undefined;
}

/** Another job has begun something and has to end it: what it would leave behind, nobody else cleans up. */
function isOthers(work: ArchivableMonth['work']): boolean {
  return work !== undefined && work.job !== archiveJob;
}

function stepOf(month: ArchivableMonth, inventory: ArchiveInventory): ArchiveStep | undefined {
  const { monthYear, epoch } = month;
  if (isOthers(month.work)) return undefined;
  if (month.state === 'SEALED') {
    const reason = reasonToCopy(month, inventory);
    if (reason === undefined) return undefined;
    const what = `copy ${monthYear} into the archive, verify the copy, then send readers there`;
    return { kind: 'copy', month: monthYear, epoch, what, reason };
  }
  if (month.state === 'ARCHIVED' && isWaiting(month) && deleteFrom(month) <= inventory.now) {
    const what = `check the archive of ${monthYear} once more, drop its collection and put a view in its place`;
    const reason = `readers were sent to the archive at ${time(month.archive?.flippedAt)}, and the grace ended at ${untilOf(month)}`;
    return { kind: 'drop', month: monthYear, epoch, what, reason };
  }
  return undefined;
}

function reasonToCopy(month: ArchivableMonth, { now, policy, asked }: ArchiveInventory): string | undefined {
  const { monthYear, tier, work, archive } = month;
  if (work?.job === archiveJob) return `a run that began at ${time(work.startedAt)} was stopped at ${work.step}`;
  if (asked.includes(monthYear)) return 'it was asked for and is SEALED';
  // A month that somebody restored stays until somebody asks for it.
  if (archive?.flippedAt || now < endOfRetries(monthYear) || dueTier(month, now, policy) !== 'archive')
    return undefined;
  return `it is SEALED, on ${tier} storage, and archive is for months from ${policy.archiveAfterMonths} months on`;
}

/** Readers are in the archive, and the collection still stands. */
function isWaiting({ state, archive }: ArchivableMonth): boolean {
  return state === 'ARCHIVED' && archive !== undefined && archive.droppedAt === undefined;
}

function deleteFrom({ archive }: ArchivableMonth): number {
  return archive?.deleteFrom?.getTime() ?? Number.POSITIVE_INFINITY;
}

function untilOf({ archive }: ArchivableMonth): string {
  return time(archive?.deleteFrom);
}

function time(at: Date | undefined): string {
  return at?.toISOString() ?? 'no known time';
}
