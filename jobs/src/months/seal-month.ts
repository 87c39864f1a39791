import { type MonthYear, parseMonth } from '@parlance/storage';
import { type Command, UsageError } from '../cli/command.js';
import { type ExitCode, exitCode } from '../exit-code.js';
import type { JobContext } from '../job-context.js';
import { JobFailed } from '../job-failed.js';
import type { Plan } from '../plan.js';
import { closeMonth, countMonth, openMonths, readMonth } from './month-registry.js';
import { planSealMonth, refusalToSeal, type SealStep } from './plan-seal-month.js';
import { sealRooms } from './seal-rooms.js';
import { unsealedRooms } from './unsealed-rooms.js';

/** What `seal-month` is asked for. */
export interface SealMonthOptions {
  readonly month: MonthYear;
  /** Print the plan and change nothing. */
  readonly dryRun: boolean;
}

/** `jobs seal-month`: ends a month for good (R7: a sealed month takes nothing more). */
export const sealMonthCommand: Command = {
  name: 'seal-month',
  usage: 'seal-month [--month YYYY-MM] [--dry-run]',
  doc: 'Seals every room of a month that ended more than a day ago, then sets the month from OPEN to SEALED. Without --month: each month that is due, oldest first.',
  alone: false,
  options: { month: { type: 'string' }, 'dry-run': { type: 'boolean' } },
  run(values, context) {
    const dryRun = values['dry-run'] === true;
    if (values['month'] === undefined) return sealDueMonths(dryRun, context);
    const month = parseMonth(String(values['month']));
    if (!month) throw new UsageError('seal-month takes --month YYYY-MM');
    return sealMonth({ month, dryRun }, context);
  },
};

/** Seals every month that is due, for a run by the calendar: 0 also when there is none. Errors as in {@link sealMonth}. */
export async function sealDueMonths(dryRun: boolean, context: JobContext): Promise<ExitCode> {
  const { database, report, now: clock } = context;
  const now = await clock();
  const months = (await openMonths(database)).filter(
    (entry) => refusalToSeal({ month: entry.monthYear, now, entry }) === undefined,
  );
  if (months.length === 0) report.plan({ verdict: 'nothing', reason: 'no open month ended more than a day ago' });
  for (const { monthYear: month } of months) {
    const code = await sealMonth({ month, dryRun }, context);
    if (code !== exitCode.done) return code;
  }
  return exitCode.done;
}

/**
 * Seals every room that has the month as a segment and no seal there, looks until none is left, then flips the month in
 * `months` by compare-and-swap on its epoch and stores the counts. May be killed at any point and run again, also while
 * another run is under way.
 * @throws JobFailed; whatever the driver throws while MongoDB is away.
 */
export async function sealMonth(options: SealMonthOptions, context: JobContext): Promise<ExitCode> {
  const { month, dryRun } = options;
  const plan = await planFor(month, context);
  context.report.plan(plan);
  if (plan.verdict === 'refused') return exitCode.refused;
  if (plan.verdict === 'run' && !dryRun) {
    for (const step of plan.steps) await apply(step, month, context);
  }
  return exitCode.done;
}

async function planFor(
  month: MonthYear,
  { database, progress, signal, now: clock }: JobContext,
): Promise<Plan<SealStep>> {
  const now = await clock();
  const entry = await readMonth(database, month);
  if (refusalToSeal({ month, now, entry })) return planSealMonth({ month, now, entry, unsealedRooms: 0 });
  const unsealed = await progress.during(`looking for unsealed rooms of ${month}`, async (report) => {
    let met = 0;
    for await (const _ of unsealedRooms(database, month, signal)) report({ done: ++met, unit: 'rooms' });
    return met;
  });
  return planSealMonth({ month, now, entry, unsealedRooms: unsealed });
}

async function apply(step: SealStep, month: MonthYear, context: JobContext): Promise<void> {
  await context.checkpoint(`seal-month:${step.kind}`);
  switch (step.kind) {
    case 'sealRooms':
      tellSealed(await sealRooms(context, month, step.rooms), '', month, context);
      break;
    case 'closeMonth':
      await close(month, step.epoch, context);
      break;
  }
}

/** Looks once more for rooms, also when the plan had none to seal, so that no month is closed over an open one. */
async function close(month: MonthYear, epoch: number, context: JobContext): Promise<void> {
  const { database, progress, report, checkpoint } = context;
  const late = await sealRooms(context, month);
  if (late > 0) tellSealed(late, 'more ', month, context);
  const counts = await progress.during(`counting ${month}`, () => countMonth(database, month, context.signal));
  await checkpoint('seal-month:counted');
  const own = await closeMonth(database, month, epoch, counts);
  const entry = own ? undefined : await readMonth(database, month);
  if (entry && entry.state !== 'SEALED') {
    throw new JobFailed(`${month} is in epoch ${entry.epoch} and no longer in ${epoch}: another job changed it`);
  }
  const [messages, rooms, voids] = [counts.messages, counts.rooms, counts.voids].map(Number);
  const by = own ? '' : ', by another run';
  const text = `${month} is SEALED${by}: ${messages} messages, ${rooms} rooms, ${voids} voids`;
  report.done(text, { month, state: 'SEALED', messages, rooms, voids });
}

function tellSealed(rooms: number, more: string, month: MonthYear, { report }: JobContext): void {
  report.done(`sealed ${rooms} ${more}rooms of ${month}`, { month, sealedRooms: rooms });
}
