import { durable, type JobName, type JobPolicy } from '@parlance/storage';
import { failureOf, type JobFailure } from '../cli/failure-of.js';
import { type ExitCode, exitCode } from '../exit-code.js';
import type { JobContext } from '../job-context.js';
import { NotedReport } from './noted-report.js';

/** Characters of a note. */
const noteLength = 500;

/** What a run is kept with. */
export interface KeptRun {
  readonly name: JobName;
  /** Tells, in one line, that it is not kept. */
  complain(text: string): void;
}

/**
 * Does a job's work and keeps in `job_runs` when it began and how it ended, for metrics and people. A run that was killed shows by
 * its beginning without an end. What cannot be kept is told of, and the job ends as it would have.
 * @throws what the work throws.
 */
export async function keepRun(
  context: JobContext,
  { name, complain }: KeptRun,
  work: (context: JobContext) => Promise<ExitCode>,
): Promise<ExitCode> {
  const report = new NotedReport(context.report);
  const keep = async (write: () => Promise<void>): Promise<void> => {
    try {
      await write();
    } catch (thrown) {
      complain(`what this run came to cannot be kept, ${String(thrown)}; the job goes on\n`);
    }
  };
  await keep(() => noteBegin(context, name));
  try {
    const code = await work({ ...context, report });
    await keep(() => noteEnd(context, name, { code, text: report.note }));
    return code;
  } catch (thrown) {
    await keep(() => noteEnd(context, name, failureOf(thrown)));
    throw thrown;
  }
}

async function noteBegin({ database, run, config }: JobContext, name: JobName): Promise<void> {
  const { warmAfterMonths, coldAfterMonths, archiveAfterMonths, archiveDriver } = config;
  const policy: JobPolicy = {
    warmAfterMonths,
    coldAfterMonths,
    archiveAfterMonths,
    hasArchive: archiveDriver !== 'none',
  };
  const begun = { run, begunAt: '$$NOW', policy: { $literal: policy } };
  await database.jobRuns.updateOne({ _id: name }, [{ $set: begun }], { ...durable(), upsert: true });
}

async function noteEnd(
  { database, run, findings }: JobContext,
  name: JobName,
  { code, text }: Pick<JobFailure, 'code' | 'text'>,
): Promise<void> {
  const listed = findings.list();
  const found = code === exitCode.found && listed.length === 0 ? [{ kind: 'left', count: 1 }] : listed;
  const note = text.replaceAll(/\s+/g, ' ').slice(0, noteLength);
  const ended = { run, at: '$$NOW', exitCode: code, findings: { $literal: found }, note: { $literal: note } };
  const isSuccess = code === exitCode.done || code === exitCode.found;
  // A document in place of the one that stands there; `$set` by itself would merge the two.
  const set = { ended: { $mergeObjects: [ended] }, ...(isSuccess && { succeededAt: '$$NOW' }) };
  await database.jobRuns.updateOne({ _id: name }, [{ $set: set }], { ...durable(), upsert: true });
}
