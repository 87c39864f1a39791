import type { JobRun } from '@parlance/client';
import type { JSX } from 'preact';
import { fullTime, relativeTime } from '../parts/relative-time.js';
import { useNow } from '../parts/use-now.js';
import { findingsText } from './month-text.js';
import { Tag, type TagProps } from './tag.js';

const stateTexts: Readonly<Record<JobRun['state'], string>> = {
  never: 'never ran',
  running: 'running',
  done: 'done',
  found: 'found something',
  refused: 'refused',
  failed: 'failed',
  lost: 'did not end',
};

const tones: Readonly<Partial<Record<JobRun['state'], TagProps['tone']>>> = {
  running: 'work',
  done: 'good',
  found: 'bad',
  failed: 'bad',
  lost: 'bad',
};

/** How each job ended the last time. */
export function JobTable({ jobs }: { readonly jobs: readonly JobRun[] }): JSX.Element {
  return (
    <table class="facts">
      <thead>
        <tr>
          <th scope="col">Job</th>
          <th scope="col">Last run</th>
          <th scope="col">Ended</th>
          <th scope="col">Succeeded</th>
          <th scope="col">What it told</th>
        </tr>
      </thead>
      <tbody>
        {jobs.map((run) => (
          <JobRow key={run.job} run={run} />
        ))}
      </tbody>
    </table>
  );
}

function JobRow({ run }: { readonly run: JobRun }): JSX.Element {
  const { job, state, endedAt, succeededAt, note } = run;
  const found = findingsText(run);
  return (
    <tr data-job={job}>
      <th scope="row">{job}</th>
      <td data-label="Last run">
        <Tag tone={tones[state] ?? 'plain'}>{stateTexts[state] ?? state}</Tag>
      </td>
      <td data-label="Ended">
        <When at={endedAt} />
      </td>
      <td data-label="Succeeded">
        <When at={succeededAt} />
      </td>
      <td data-label="What it told" class="facts-wide">
        {found !== '' && <span class="next-what">{found}</span>}
        <span class={found === '' ? '' : 'next-reason muted'}>{note === '' ? '–' : note}</span>
      </td>
    </tr>
  );
}

function When({ at }: { readonly at: number | undefined }): JSX.Element {
  const now = useNow();
  if (at === undefined) return <span class="muted">–</span>;
  return <time title={fullTime(at)}>{relativeTime(at, now)}</time>;
}
