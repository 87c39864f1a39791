import type { Metrics } from '@parlance/runtime';
import { jobNames } from '@parlance/storage';

/** Months ahead whose readiness is shown; 0 is the current one. */
export const monthOffsets = ['0', '1', '2'] as const;

/** Steps of `migrate-tiers`, then of `archive-months`, in their order; `other` is what any other job does. */
export const movePhases = [
  'claim',
  'digest',
  'zone',
  'ranges',
  'tier',
  'reclaim',
  'copying',
  'verifying',
  'flipping',
  'deleting',
  'other',
] as const;

/**
 * Declares what is told of months and of the jobs on them, as MongoDB has it: each pod tells the same. A job is told by `command`:
 * the label `job` is Prometheus' own.
 */
export function declareMonthMetrics({ gauge }: Pick<Metrics, 'gauge'>) {
  return {
    monthsOpen: gauge({
      name: 'chat_months_open',
      doc: 'Whether a month takes messages, 1 or 0: `offset` 0 is the current one, 1 the next.',
      labels: { offset: monthOffsets },
    }),
    monthMoves: gauge({
      name: 'chat_month_moves',
      doc: 'Months that a job has begun to change and not ended, by the step it is at; `other` of jobs that move nothing.',
      labels: { phase: movePhases },
    }),
    monthWorkAge: gauge({
      name: 'chat_month_work_age_seconds',
      doc: 'How long ago the oldest unended work on a month was begun; 0 without any.',
    }),
    archiveUnverified: gauge({
      name: 'chat_archive_unverified_months',
      doc: 'Archived months that were not found whole for 35 days (`jobs scrub-archive`).',
    }),
    jobEnd: gauge({
      name: 'chat_job_last_end_seconds',
      doc: 'When the job last ended, however it did, Unix seconds; 0 never.',
      labels: { command: jobNames },
    }),
    jobSuccess: gauge({
      name: 'chat_job_last_success_seconds',
      doc: 'When the job last did all that it had to, also where it found something and left it, Unix seconds; 0 never.',
      labels: { command: jobNames },
    }),
    jobFailed: gauge({
      name: 'chat_job_failed',
      doc: 'Whether the last run of the job failed or was stopped, or was begun two days ago and has not ended, 1 or 0.',
      labels: { command: jobNames },
    }),
    jobFindings: gauge({
      name: 'chat_job_findings',
      doc: 'What the last run of the job that ended found wrong and left.',
      labels: { command: jobNames },
    }),
    zoneDrift: gauge({
      name: 'chat_zone_drift_ranges',
      doc: 'Ranges of months that lie outside their tier, or are in the zone of another, at the last `jobs verify`.',
    }),
    jumboRanges: gauge({
      name: 'chat_jumbo_ranges',
      doc: 'Ranges of months that MongoDB holds for too large to move, at the last `jobs verify`.',
    }),
  };
}
