import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { backoffMs } from '@parlance/runtime';
import { type ChatDatabase, durable, type LeaseDocument, majority } from '@parlance/storage';
import type { JobContext } from '../job-context.js';
import { JobFailed } from '../job-failed.js';

/** How long a lease lasts that is not renewed, milliseconds by MongoDB's clock. It is renewed three times as often. */
const defaultTtlMs = 30_000;

/** All jobs that must not run beside each other have this one. */
const leaseId = 'jobs';

/** Somebody else holds the lease; the text says who and until when. */
export class LeaseHeld extends Error {
  override readonly name = 'LeaseHeld';
}

/** What a lease is asked for with. */
export interface LeaseWish {
  /** The command, for whoever is turned away. */
  readonly job: string;
  /** How long to wait for it, seconds; 0 does not wait. */
  readonly waitSeconds: number;
  /** Default 30,000. */
  readonly ttlMs?: number;
}

/**
 * Runs some work under the lease: no second run has it meanwhile, unless this process or MongoDB stands still for its time.
 * The signal aborts when it is lost, or cannot be renewed in time. It saves work; what keeps a job right that goes on
 * nevertheless is the epoch of the month (`claimMonth`).
 * @throws {@link LeaseHeld}; what the work throws.
 */
export async function withLease<Result>(
  { database, signal, run: token, elapsedMs }: Pick<JobContext, 'database' | 'signal' | 'run' | 'elapsedMs'>,
  { job, waitSeconds, ttlMs = defaultTtlMs }: LeaseWish,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const holder = `${job} (process ${process.pid} on ${hostname()})`;
  await acquire(database, { token, holder, ttlMs, waitMs: waitSeconds * 1_000, signal, elapsedMs });
  const lost = new AbortController();
  const done = new AbortController();
  const renewing = keepRenewing(database, { token, ttlMs, done: done.signal, elapsedMs }).catch((thrown: unknown) => {
    lost.abort(thrown);
  });
  try {
    return await work(AbortSignal.any([signal, lost.signal]));
  } finally {
    done.abort();
    await renewing;
    await release(database, token);
  }
}

interface Acquisition {
  readonly token: string;
  readonly holder: string;
  readonly ttlMs: number;
  readonly waitMs: number;
  readonly signal: AbortSignal;
  readonly elapsedMs: JobContext['elapsedMs'];
}

async function acquire(database: ChatDatabase, wish: Acquisition): Promise<void> {
  const { token, holder, ttlMs, waitMs, signal, elapsedMs } = wish;
  const giveUpAt = elapsedMs() + waitMs;
  const free = { token: '', holder: '', since: new Date(0), until: new Date(0) };
  await database.leases.updateOne({ _id: leaseId }, { $setOnInsert: free }, { ...durable(), upsert: true });
  for (let round = 1; ; round++) {
    const { matchedCount } = await database.leases.updateOne(
      { _id: leaseId, $expr: { $lt: ['$until', '$$NOW'] } },
      [{ $set: { token, holder: { $literal: holder }, since: '$$NOW', until: { $add: ['$$NOW', ttlMs] } } }],
      durable(),
    );
    if (matchedCount === 1) return;
    const other = await database.leases.findOne({ _id: leaseId }, majority());
    if (other?.token === token) return;
    if (elapsedMs() >= giveUpAt) throw new LeaseHeld(heldBy(other));
    await delay(backoffMs(round, { firstMs: 100, capMs: 2_000 }), undefined, { signal });
  }
}

function heldBy(other: LeaseDocument | null): string {
  if (!other) return 'the lease of the jobs was taken and given back at this moment';
  const { holder, since, until } = other;
  return `${holder} is at work since ${since.toISOString()} and renews its lease, now until ${until.toISOString()}; --wait SECONDS waits for it`;
}

interface Renewal {
  readonly token: string;
  readonly ttlMs: number;
  readonly done: AbortSignal;
  readonly elapsedMs: JobContext['elapsedMs'];
}

/** Renews until `done`; rejects when the lease is another's, or was not renewed for as long as it lasts. */
async function keepRenewing(database: ChatDatabase, { token, ttlMs, done, elapsedMs }: Renewal): Promise<void> {
  let heldSince = elapsedMs();
  while (!done.aborted) {
    // `done` ends the pause; the loop then ends by itself.
    await delay(ttlMs / 3, undefined, { signal: done }).catch(() => {});
    if (done.aborted) return;
    const askedAt = elapsedMs();
    const renewed = await renew(database, token, ttlMs).catch(() => undefined);
    if (renewed === false) throw new JobFailed('the lease was lost: another job has it');
    if (renewed) heldSince = askedAt;
    if (elapsedMs() - heldSince > ttlMs) throw new JobFailed('the lease could not be renewed in its time');
  }
}

async function renew(database: ChatDatabase, token: string, ttlMs: number): Promise<boolean> {
  const { matchedCount } = await database.leases.updateOne(
    { _id: leaseId, token, $expr: { $gt: ['$until', '$$NOW'] } },
    [{ $set: { until: { $add: ['$$NOW', ttlMs] } } }],
    durable(),
  );
  return matchedCount === 1;
}

/** Gives it back, if MongoDB answers; else it ends by its own time. */
async function release(database: ChatDatabase, token: string): Promise<void> {
  await database.leases
    .updateOne({ _id: leaseId, token }, { $set: { until: new Date(0) } }, durable())
    .catch(() => undefined);
}
