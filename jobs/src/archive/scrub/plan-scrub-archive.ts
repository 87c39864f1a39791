import type { MonthDocument, MonthYear, UnfinishedUpload } from '@parlance/storage';
import type { Plan, PlannedStep } from '../../plan.js';

/** How old what was begun and never finished has to be before it is called left behind, milliseconds: no upload takes hours. */
export const leftBehindMs = 24 * 60 * 60_000;

/** What `scrub-archive` has found. */
export interface ScrubInventory {
  /** MongoDB's clock, Unix milliseconds. */
  readonly now: number;
  /** Whether a place for archives is configured. */
  readonly hasArchive: boolean;
  /** Those that have a copy in the archive. */
  readonly months: readonly Pick<MonthDocument, 'monthYear' | 'archive'>[];
  /** The only month that is asked for. */
  readonly asked: MonthYear | undefined;
  /** What was begun in the store and never finished, of archives and backups. */
  readonly unfinished: readonly UnfinishedUpload[];
  /** Remove what was left behind. */
  readonly sweep: boolean;
}

/** One step of a scrub. */
export type ScrubStep = PlannedStep &
  (
    | { readonly kind: 'scrub'; readonly month: MonthYear }
    /** Only where that is asked for. */
    | { readonly kind: 'sweep'; readonly uploads: readonly UnfinishedUpload[] }
  );

/** Which archives are read, and what was left behind and goes. Pure. */
export function planScrubArchive(inventory: ScrubInventory): Plan<ScrubStep> {
  const { hasArchive, months, asked, sweep } = inventory;
  if (!hasArchive) return { verdict: 'refused', reason: 'no archive is configured: ARCHIVE_DRIVER is none' };
  const wanted = months.filter(({ monthYear }) => asked === undefined || asked === monthYear);
  if (asked !== undefined && wanted.length === 0) return { verdict: 'refused', reason: `${asked} was never archived` };
  const left = leftBehind(inventory);
  const steps: ScrubStep[] = wanted.map(({ monthYear, archive }) => ({
    kind: 'scrub',
    month: monthYear,
    what: `read ${String(archive?.bytes)} bytes of ${monthYear} and compare them`,
    reason: `its archive is ${archive?.manifest}`,
  }));
  if (sweep && left.length > 0) {
    const oldest = new Date(Math.min(...left.map(({ touchedAt }) => touchedAt))).toISOString();
    const reason = `nobody has written to them for a day, the first since ${oldest}, and no manifest names an upload that was not finished`;
    steps.push({ kind: 'sweep', uploads: left, what: `remove ${amountOf(left)}`, reason });
  }
  if (steps.length > 0) return { verdict: 'run', steps };
  return { verdict: 'nothing', reason: `no month is archived, and ${amountOf(left)} were left behind` };
}

/** Uploads that nobody will finish. Pure. */
export function leftBehind({
  unfinished,
  now,
}: Pick<ScrubInventory, 'unfinished' | 'now'>): readonly UnfinishedUpload[] {
  return unfinished.filter(({ touchedAt }) => touchedAt < now - leftBehindMs);
}

/** `3 unfinished uploads with 12 bytes`; the bytes as far as the store says. Pure. */
export function amountOf(uploads: readonly UnfinishedUpload[]): string {
  const known = uploads.filter(({ bytes }) => bytes !== undefined);
  const bytes = known.reduce((sum, each) => sum + (each.bytes ?? 0), 0);
  return `${uploads.length} unfinished uploads${known.length > 0 ? ` with ${bytes} bytes` : ''}`;
}
