import { type ChatDatabase, durable, majority } from '@parlance/storage';
import type { JobContext } from '../../job-context.js';
import { JobFailed } from '../../job-failed.js';
import { adminCommand } from './admin-command.js';

/** The record in `leases` that a job has switched the balancer off, which was on. */
const recordId = 'balancer';

/** A time that no run lasts to; the record ends when it is taken away. */
const never = new Date(8.64e15 / 10);

type BalancerJob = Pick<JobContext, 'database' | 'run' | 'checkpoint'>;

/** Whether MongoDB's balancer is on. */
export async function isBalancerOn(database: ChatDatabase): Promise<boolean> {
  return (await adminCommand(database, { balancerStatus: 1 }, 30_000))['mode'] !== 'off';
}

/**
 * Switches the balancer off until {@link resumeBalancer}. One that an operator has switched off is left to them: only what a
 * job has switched off is recorded, before it does so, and switched on again. Answers whether it was on.
 */
export async function pauseBalancer({ database, run, checkpoint }: BalancerJob, job: string): Promise<boolean> {
  const left = await database.leases.findOne({ _id: recordId }, majority());
  if (!left && !(await isBalancerOn(database))) return false;
  await database.leases.updateOne(
    { _id: recordId },
    [{ $set: { token: run, holder: { $literal: job }, since: '$$NOW', until: never } }],
    { ...durable(), upsert: true },
  );
  await checkpoint('balancer:recorded');
  await adminCommand(database, { balancerStop: 1, maxTimeMS: 60_000 });
  await expectRecord(database, run);
  await checkpoint('balancer:stopped');
  return true;
}

/** Switches the balancer on, if this run has switched it off. May be repeated. */
export async function resumeBalancer({ database, run }: BalancerJob): Promise<void> {
  const own = await database.leases.findOne({ _id: recordId, token: run }, majority());
  if (own) await switchOn(database, run);
}

/**
 * Switches the balancer on when a job that is dead has left it off: its record stands and it has not the lease any more.
 * Answers the job's name, or undefined when there was nothing to repair. Called at the start of every job in a cluster.
 */
export async function repairBalancer(database: ChatDatabase): Promise<string | undefined> {
  const left = await database.leases.findOne({ _id: recordId }, majority());
  if (!left) return undefined;
  const isAlive = { _id: 'jobs', token: left.token, $expr: { $gt: ['$until', '$$NOW'] } };
  if (await database.leases.findOne(isAlive, majority())) return undefined;
  await switchOn(database, left.token);
  return left.holder;
}

/**
 * A run that stood still between its record and the stop was taken for dead: its record is gone, and nobody would switch on
 * again what it has just switched off.
 * @throws JobFailed.
 */
async function expectRecord(database: ChatDatabase, run: string): Promise<void> {
  const record = await database.leases.findOne({ _id: recordId }, majority());
  if (record?.token === run) return;
  // Where another run's record stands, that run switches it on.
  if (!record) await adminCommand(database, { balancerStart: 1, maxTimeMS: 60_000 });
  throw new JobFailed('this run stood still for so long that another one took its place');
}

/** The record goes last, so that one who dies between has it repaired. */
async function switchOn(database: ChatDatabase, token: string): Promise<void> {
  await adminCommand(database, { balancerStart: 1, maxTimeMS: 60_000 });
  await database.leases.deleteOne({ _id: recordId, token }, durable());
  // A run that had stood still may have switched it off in between, when it still saw this record.
  if (!(await isBalancerOn(database))) await adminCommand(database, { balancerStart: 1, maxTimeMS: 60_000 });
}
