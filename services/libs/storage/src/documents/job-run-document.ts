/**
 * Jobs that run by a timer, and whose ends are kept. What is done by hand (a restore, an erasure) tells whoever does it, and an
 * erased user is not to be named here.
 */
export const jobNames = [
  'create-months',
  'seal-month',
  'migrate-tiers',
  'verify',
  'archive-months',
  'scrub-archive',
  'audit',
  'backup',
  'apply-retention',
  'fold-events',
] as const;

/** Command of a job that is kept. */
export type JobName = (typeof jobNames)[number];

/** What is known of a job's last runs, as it lies in `job_runs`: one entry a job, for people and for metrics. Nothing is decided by it. */
export interface JobRunDocument {
  readonly _id: JobName;
  /** Random id of the run that began last. */
  readonly run: string;
  /** When it began, by MongoDB's clock. */
  readonly begunAt: Date;
  /** The run that ended last; another one than `run`: that one is at work, or was killed. */
  readonly ended?: JobEnd;
  /** When a run last did all that it had to, whatever it found. */
  readonly succeededAt?: Date;
  /** What the last run goes by. */
  readonly policy: JobPolicy;
}

/** How a run ended. */
export interface JobEnd {
  readonly run: string;
  /** By MongoDB's clock. */
  readonly at: Date;
  /** Of the process: 0 done, 1 failed, 2 wrong command line, 3 refused, 4 something was found and left. */
  readonly exitCode: number;
  /** What it found wrong and left, by kind; a kind that was not found is not there. */
  readonly findings: readonly JobFinding[];
  /** The last that it told, or why it failed: one line of up to 500 characters. */
  readonly note: string;
}

/** Things of one kind that are wrong. */
export interface JobFinding {
  /** A word of the job: `placement`. */
  readonly kind: string;
  readonly count: number;
}

/** What jobs go by, for whoever says what they will do next. */
export interface JobPolicy {
  readonly warmAfterMonths: number;
  readonly coldAfterMonths: number;
  readonly archiveAfterMonths: number;
  /** Whether there is an archive. */
  readonly hasArchive: boolean;
}
