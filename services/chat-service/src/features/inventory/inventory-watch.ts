import type { Logger } from '@parlance/runtime';
import {
  addMonths,
  type JobRunDocument,
  jobNames,
  type MonthDocument,
  monthOf,
  takesMessages,
} from '@parlance/storage';
import type { ChatMetrics } from '../../metrics.js';
import { monthOffsets, movePhases } from '../../month-metrics.js';
import { jobStateOf } from './job-state.js';
import type { InventoriedMonth, Inventory } from './mongo-inventory-store.js';

/** How long an archived month counts as verified, milliseconds: the scrub runs once a month. */
const verifiedForMs = 35 * 24 * 60 * 60_000;

/** Tells metrics what jobs know. What is told is as old as the last look that MongoDB answered. */
export class InventoryWatch {
  constructor(
    private readonly store: { read(): Promise<Inventory> },
    private readonly metrics: MonthMetrics,
    private readonly now: () => number,
    private readonly logger: Pick<Logger, 'debug'>,
  ) {}

  /** Looks once. Never rejects. */
  async look(): Promise<void> {
    try {
      const { months, runs } = await this.store.read();
      this.tellMonths(months);
      this.tellJobs(new Map(runs.map((run) => [run._id, run])));
    } catch (error) {
      this.logger.debug({ err: error }, 'what jobs know could not be read');
    }
  }

  private tellMonths(months: readonly InventoriedMonth[]): void {
    const { metrics } = this;
    const now = this.now();
    const known = new Map(months.map((month) => [month.monthYear, month]));
    for (const offset of monthOffsets) {
      const month = known.get(addMonths(monthOf(now), Number(offset)));
      metrics.monthsOpen.set({ offset }, takesMessages(month) ? 1 : 0);
    }
    const works = months.flatMap(({ work }) => (work ? [work] : []));
    for (const phase of movePhases)
      metrics.monthMoves.set({ phase }, works.filter((work) => phaseOf(work) === phase).length);
    const begun = works.map(({ startedAt }) => startedAt.getTime());
    metrics.monthWorkAge.set(begun.length === 0 ? 0 : Math.max(0, now - Math.min(...begun)) / 1_000);
    metrics.archiveUnverified.set(months.filter((month) => isUnverified(month, now)).length);
  }

  private tellJobs(runs: ReadonlyMap<string, JobRunDocument>): void {
    const { metrics } = this;
    const now = this.now();
    for (const job of jobNames) {
      const run = runs.get(job);
      metrics.jobEnd.set({ command: job }, secondsOf(run?.ended?.at));
      metrics.jobSuccess.set({ command: job }, secondsOf(run?.succeededAt));
      metrics.jobFailed.set({ command: job }, run && hasFailed(run, now) ? 1 : 0);
      metrics.jobFindings.set({ command: job }, found(run));
    }
    const verified = runs.get('verify');
    metrics.zoneDrift.set(found(verified, 'placement', 'zone'));
    metrics.jumboRanges.set(found(verified, 'jumbo'));
  }
}

type MonthMetrics = Pick<
  ChatMetrics,
  | 'monthsOpen'
  | 'monthMoves'
  | 'monthWorkAge'
  | 'archiveUnverified'
  | 'jobEnd'
  | 'jobSuccess'
  | 'jobFailed'
  | 'jobFindings'
  | 'zoneDrift'
  | 'jumboRanges'
>;

function phaseOf({ job, step }: NonNullable<MonthDocument['work']>): (typeof movePhases)[number] {
  const known = movePhases.find((phase) => phase === step);
  return known !== undefined && (job === 'migrate-tiers' || job === 'archive-months') ? known : 'other';
}

/** Nobody has found its archive whole for long, since it was flipped or ever. */
function isUnverified({ state, verifiedAt, archive }: InventoriedMonth, now: number): boolean {
  if (state !== 'ARCHIVED') return false;
  const at = verifiedAt ?? archive?.flippedAt;
  return at === undefined || now - at.getTime() > verifiedForMs;
}

/** Failed, also where the run that came after it has not ended yet. */
function hasFailed(kept: JobRunDocument, now: number): boolean {
  const state = jobStateOf(kept, now);
  if (state === 'running' && kept.ended) return jobStateOf({ ...kept, run: kept.ended.run }, now) === 'failed';
  return state === 'failed' || state === 'lost';
}

/** How much its last run found, of some kinds or of all. */
function found(run: JobRunDocument | undefined, ...kinds: readonly string[]): number {
  const counted = (run?.ended?.findings ?? []).filter(({ kind }) => kinds.length === 0 || kinds.includes(kind));
  return counted.reduce((sum, { count }) => sum + count, 0);
}

function secondsOf(at: Date | undefined): number {
  return at === undefined ? 0 : at.getTime() / 1_000;
}
