import type { JobRun, Month, MonthInventory, wire } from '@parlance/proto';

/**
 * What jobs know as administrators see it; what a month or a run of a job does not have is left out. Field by field: beside an
 * optional one that is there, the decoder puts `_sealedAt: 'sealedAt'`.
 */
export function toMonthInventory({ months, jobs }: wire.MonthInventory): MonthInventory {
  return { months: months.map(toMonth), jobs: jobs.map(toJobRun) };
}

function toMonth({ monthYear, tier, state, messages, bytes, archive, work, next, ...at }: wire.Month): Month {
  const { sealedAt, verifiedAt } = at;
  return {
    monthYear,
    tier: tier as Month['tier'],
    state: state as Month['state'],
    messages,
    bytes,
    ...given({ sealedAt, verifiedAt }),
    ...(archive && { archive: toArchive(archive) }),
    ...(work && { work: { job: work.job, step: work.step, startedAt: work.startedAt } }),
    ...(next && { next: toNext(next) }),
  };
}

function toArchive({ bytes, flippedAt, droppedAt }: wire.MonthArchive): NonNullable<Month['archive']> {
  return { bytes, ...given({ flippedAt, droppedAt }) };
}

function toNext({ job, what, reason, notBefore }: wire.NextStep): NonNullable<Month['next']> {
  return { job, what, reason, ...given({ notBefore }) };
}

function toJobRun({ job, state, begunAt, endedAt, succeededAt, findings, note }: wire.JobRun): JobRun {
  const kinds = findings.map(({ kind, count }) => ({ kind, count }));
  return { job, state: state as JobRun['state'], ...given({ begunAt, endedAt, succeededAt }), findings: kinds, note };
}

/** The times that there are. */
function given<Name extends string>(times: Record<Name, number | undefined>): { readonly [Each in Name]?: number } {
  return Object.fromEntries(Object.entries(times).filter(([, at]) => at !== undefined)) as { [Each in Name]?: number };
}
