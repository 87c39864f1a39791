import type { JobRunDocument } from '@parlance/storage';

/** How long a run may take, milliseconds: none is given more time. */
const longestRunMs = 48 * 60 * 60_000;

/** What has become of the last run of a job. */
export type JobState = 'never' | 'running' | 'done' | 'found' | 'refused' | 'failed' | 'lost';

/** By exit code of a job; every other one says that it failed. */
const states: ReadonlyMap<number, JobState> = new Map([
  [0, 'done'],
  [3, 'refused'],
  [4, 'found'],
]);

/**
 * What has become of the last run of a job at a time, Unix milliseconds. One that has not ended is `running` while it may be, then
 * `lost`: it was killed. Pure.
 */
export function jobStateOf(kept: JobRunDocument | undefined, now: number): JobState {
  if (!kept) return 'never';
  const { run, begunAt, ended } = kept;
  if (ended?.run === run) return states.get(ended.exitCode) ?? 'failed';
  return now - begunAt.getTime() > longestRunMs ? 'lost' : 'running';
}
