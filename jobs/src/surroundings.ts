import type { ChatDatabase } from '@parlance/storage';
import type { Progress } from './progress.js';

/** What a job works with. */
export interface JobSurroundings {
  readonly database: ChatDatabase;
  readonly progress: Progress;
  /** Aborts the job between two of its steps. */
  readonly signal: AbortSignal;
  /** Tells what is planned and what was done, in whole lines. */
  say(text: string): void;
}
