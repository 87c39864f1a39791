import type { ChatDatabase } from '@parlance/storage';
import type { JobsConfig } from './config.js';
import type { Progress } from './progress/progress.js';
import type { JobReport } from './report/job-report.js';
import type { Findings } from './runs/findings.js';

/** What a job works with. */
export interface JobContext {
  readonly database: ChatDatabase;
  /** Random id of this run; where it holds the lease, the lease's token. */
  readonly run: string;
  /** Makes a random UUID. */
  newId(): string;
  readonly config: JobsConfig;
  readonly progress: Progress;
  readonly report: JobReport;
  /** What is wrong and left: told to metrics, where the run is kept. */
  readonly findings: Findings;
  /** Aborts the job between two of its steps: it was stopped, or has lost its lease. */
  readonly signal: AbortSignal;
  /** The time that a job decides by, Unix milliseconds: MongoDB's clock, unless a test has another. */
  now(): Promise<number>;
  /** Milliseconds since some moment, never set back: how long something takes is measured by it. */
  elapsedMs(): number;
  /**
   * Called between any two commands that change something, with the name of what was just done: `create-months:registered`.
   * It stops a job that was aborted; tests end the process here.
   */
  checkpoint(name: string): Promise<void>;
}

/** What a job has that needs no MongoDB. */
export type StandaloneContext = Omit<JobContext, 'database' | 'config' | 'findings' | 'now'>;
