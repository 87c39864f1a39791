import type { JobPolicy } from '../documents/job-run-document.js';
import { addMonths, startOfMonth } from '../documents/month.js';
import type { MonthDocument, Tier } from '../documents/month-document.js';
import { endOfRetries } from './retry-window.js';
import { sealableFrom } from './seal-rest.js';
import { coolerOf, dueTier } from './tier-policy.js';

/** What is done to a month next, for people: the jobs decide by themselves, from more than this. */
export interface NextStep {
  /** Command of the job that does it: `seal-month`. */
  readonly job: string;
  /** What is done: "move to warm". */
  readonly what: string;
  /** Why, and why not yet. */
  readonly reason: string;
  /** Not before this time, Unix milliseconds; absent when it is due. */
  readonly notBefore?: number;
}

/** What a next step follows from beside the month. */
export interface StepPolicy extends JobPolicy {
  /** Whether the database is a cluster: a replica set has no warm and no cold shards. */
  readonly hasTiers: boolean;
}

type Entry = Pick<MonthDocument, 'monthYear' | 'state' | 'tier' | 'work' | 'archive'>;

/**
 * The next step of a month at a time, Unix milliseconds; undefined when nothing is left to do, or its state is one of a later
 * release. Pure.
 */
export function nextStepOf(entry: Entry, now: number, policy: StepPolicy): NextStep | undefined {
  const { work } = entry;
  if (work) {
    const reason = `it was begun at ${minuteOf(work.startedAt)} and has not ended`;
    return { job: work.job, what: `go on at ${work.step}`, reason };
  }
  switch (entry.state) {
    case 'OPEN':
      return step('seal-month', 'seal', 'a month is sealed a day after its end', sealableFrom(entry.monthYear), now);
    case 'SEALED':
      return moveOf(entry, now, policy) ?? archivingOf(entry, now, policy);
    case 'ARCHIVED':
      return droppingOf(entry, now);
    default:
      return undefined;
  }
}

/** To the next tier that is a zone, or at once to the one that it is due for. */
function moveOf(entry: Entry, now: number, policy: StepPolicy): NextStep | undefined {
  const { monthYear, tier } = entry;
  if (!policy.hasTiers || tier === 'cold' || tier === 'archive') return undefined;
  const due = dueTier(entry, now, policy);
  const to: Tier = due === 'archive' ? 'cold' : coolerOf(due, tier === 'hot' ? 'warm' : 'cold');
  const age = to === 'warm' ? policy.warmAfterMonths : policy.coldAfterMonths;
  const reason = `${to} is for months from ${ageText(age)} on`;
  return step('migrate-tiers', `move to ${to}`, reason, startOfMonth(addMonths(monthYear, age)), now);
}

function archivingOf({ monthYear, archive }: Entry, now: number, policy: StepPolicy): NextStep | undefined {
  // A month that somebody restored stays until somebody asks for it.
  if (!policy.hasArchive || archive?.flippedAt) return undefined;
  const age = policy.archiveAfterMonths;
  const from = Math.max(startOfMonth(addMonths(monthYear, age)), endOfRetries(monthYear));
  const reason = `the archive is for months from ${ageText(age)} on`;
  return step('archive-months', 'copy into the archive', reason, from, now);
}

function droppingOf({ archive }: Entry, now: number): NextStep | undefined {
  if (!archive?.deleteFrom || archive.droppedAt) return undefined;
  const reason = 'it is read from the archive, and the grace is for whoever still reads the collection';
  return step('archive-months', 'drop its collection', reason, archive.deleteFrom.getTime(), now);
}

function step(job: string, what: string, reason: string, from: number, now: number): NextStep {
  return { job, what, reason, ...(from > now && { notBefore: from }) };
}

function ageText(months: number): string {
  return months === 1 ? 'an age of a month' : `an age of ${months} months`;
}

/** `2026-11-29 20:40 UTC`. */
function minuteOf(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
