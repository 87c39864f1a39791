import type { wire } from '@parlance/proto';
import { type JobName, type JobRunDocument, type NextStep } from '@parlance/storage';
import { jobStateOf } from './job-state.js';
import type { CollectionSize, InventoriedMonth } from './mongo-inventory-store.js';

/** A month as it is told. Pure. */
export function toMonth(month: InventoriedMonth, size: CollectionSize, next: NextStep | undefined): wire.Month {
  const { monthYear, tier, state, counts, sealedAt, verifiedAt, archive, work } = month;
  return {
    monthYear,
    tier,
    state,
    messages: counts ? Number(counts.messages) : size.records,
    bytes: size.bytes,
    sealedAt: sealedAt?.getTime(),
    verifiedAt: verifiedAt?.getTime(),
    archive: archive && {
      bytes: Number(archive.bytes),
      flippedAt: archive.flippedAt?.getTime(),
      droppedAt: archive.droppedAt?.getTime(),
    },
    work: work && { job: work.job, step: work.step, startedAt: work.startedAt.getTime() },
    next: next && { notBefore: undefined, ...next },
  };
}

/** What is kept of a job as it is told at a time, Unix milliseconds. Pure. */
export function toJobRun(job: JobName, kept: JobRunDocument | undefined, now: number): wire.JobRun {
  return {
    job,
    state: jobStateOf(kept, now),
    begunAt: kept?.begunAt.getTime(),
    endedAt: kept?.ended?.at.getTime(),
    succeededAt: kept?.succeededAt?.getTime(),
    findings: [...(kept?.ended?.findings ?? [])],
    note: kept?.ended?.note ?? '',
  };
}
