import { type ExitCode, exitCode } from '../exit-code.js';
import { JobFailed } from '../job-failed.js';
import { LeaseHeld } from '../mongo/lease.js';
import { UsageError } from './command.js';

/** How a job ends that threw. */
export interface JobFailure {
  readonly code: ExitCode;
  /** What is told of it, without its end. */
  readonly text: string;
}

/** What has become of a job that threw. Pure. */
export function failureOf(thrown: unknown): JobFailure {
  if (thrown instanceof UsageError) return { code: exitCode.usage, text: thrown.message };
  if (thrown instanceof LeaseHeld) return { code: exitCode.refused, text: thrown.message };
  const text = thrown instanceof JobFailed ? thrown.message : String(thrown);
  return { code: exitCode.failed, text: `${text}; run the same command again` };
}
