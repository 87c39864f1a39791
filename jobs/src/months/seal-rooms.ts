import { setTimeout as delay } from 'node:timers/promises';
import { backoffMs } from '@parlance/runtime';
import { type InsertOutcome, insertSlots, type MonthYear, sealSlot } from '@parlance/storage';
import type { JobContext } from '../job-context.js';
import { JobFailed } from '../job-failed.js';
import { inBatches } from '../mongo/in-batches.js';
import { unsealedRooms } from './unsealed-rooms.js';

/** Seals in one insert command: one a room, so it may be unordered (R2: the log is the counter). */
const sealsAtATime = 256;

/** Rounds in a row in which nothing moved before the job gives up. */
const patience = 8;

/**
 * Seals every room of a month that has no seal there, then looks again, until none is left. What became of a seal is
 * not asked of its insert command but of the next look: a slot that was taken meanwhile, by another run's seal or a
 * late message, shows there as the room's new end, and a lost answer as the seal or its absence (R3: no answer is no
 * failure; R4: a taken slot is read at majority). So it may be killed at any point and run twice at a time. `planned`
 * is how many rooms the plan found, for the progress. Answers how many seals were acknowledged to it.
 */
export async function sealRooms(
  { database, progress, signal, checkpoint }: JobContext,
  month: MonthYear,
  planned?: number,
): Promise<number> {
  return progress.during(`sealing the rooms of ${month}`, async (report) => {
    let sealed = 0;
    for (let idle = 0; ; ) {
      const round = await sealOnce(month, { database, signal, checkpoint }, (more) => {
        sealed += more;
        report({ done: sealed, ...(planned === undefined ? {} : { total: planned }), unit: 'rooms' });
      });
      if (round.met === 0) return sealed;
      idle = round.moved ? 0 : idle + 1;
      if (idle >= patience) throw new JobFailed(`${round.met} rooms of ${month} cannot be sealed: ${round.trouble}`);
      if (idle > 0) await delay(backoffMs(idle, { firstMs: 100, capMs: 2_000 }), undefined, { signal });
    }
  });
}

/** What one look at all rooms came to. */
interface Round {
  /** Rooms that had no seal. */
  readonly met: number;
  /** At least one seal was written. */
  readonly moved: boolean;
  /** Why the last seal failed that did. */
  readonly trouble: string;
}

async function sealOnce(
  month: MonthYear,
  { database, signal, checkpoint }: Pick<JobContext, 'database' | 'signal' | 'checkpoint'>,
  count: (sealed: number) => void,
): Promise<Round> {
  let met = 0;
  let moved = false;
  let trouble = '';
  for await (const ends of inBatches(unsealedRooms(database, month, signal), sealsAtATime)) {
    await checkpoint('seal-month:sealing');
    met += ends.length;
    const outcomes = await insertSlots(database, month, ends.map(sealSlot), { ordered: false, timeoutMs: 10_000 });
    count(outcomes.filter(({ kind }) => kind === 'committed').length);
    moved ||= outcomes.some(({ kind }) => kind === 'committed');
    trouble = outcomes.map(troubleOf).findLast((text) => text !== '') ?? trouble;
  }
  return { met, moved, trouble };
}

function troubleOf(outcome: InsertOutcome): string {
  switch (outcome.kind) {
    case 'committed':
      return '';
    case 'taken':
      return 'another record stands in slot head+1 and no majority has it yet';
    case 'unknown':
    case 'refused':
    case 'notAttempted':
      return `an insert was ${outcome.kind === 'unknown' ? 'not acknowledged' : 'refused'}: ${textOf(outcome.cause)}`;
  }
}

/** The text of a thrown error, or of one that the server put at a single document. */
function textOf(cause: unknown): string {
  if (cause instanceof Error) return cause.message;
  const text = typeof cause === 'object' && cause !== null && 'errmsg' in cause ? cause.errmsg : undefined;
  return typeof text === 'string' ? text : 'no reason given';
}
