import { type JobName, jobNames } from '@parlance/storage';
import type { OptionValues } from '../cli/command.js';

/** Options that make a run one of a part of what the job is for: it says nothing of the rest. */
const narrowing = ['month', 'room', 'undo'];

/** The job whose runs are kept, when this is one of them: a plan changes nothing, and a part is not the whole. Pure. */
export function keptJob(command: string, values: OptionValues): JobName | undefined {
  if (values['dry-run'] === true || narrowing.some((option) => values[option] !== undefined)) return undefined;
  return jobNames.find((name) => name === command);
}
