import type { ChatDatabase } from './chat-database.js';
import { durable, majority } from './command-options.js';

/** How long an announcement counts that is not repeated, milliseconds by MongoDB's clock; repeat it three times as often. */
export const announcementMs = 30_000;

/** Beginning of the ids of announcements in `leases`. */
const announced = /^service\//;

/** A service that writes rooms and messages, as others see it. */
export interface RunningService {
  /** For people: a program, its process and its machine. */
  readonly holder: string;
  /** It counts as running up to here. */
  readonly until: Date;
}

/**
 * Says that a service writes to the database, for as long as `lastsMs`. It fences nothing: it is how a job that needs
 * all services stopped finds those that are not. Begin with it before the first write, and look for a restore
 * (`readRestoreMark`) after it: a restore sets its mark before it looks here, so one of the two sees the other. What
 * has ended long ago is taken away.
 * @throws those of the driver.
 */
export async function announceService(
  database: ChatDatabase,
  {
    token,
    holder,
    lastsMs = announcementMs,
  }: { readonly token: string; readonly holder: string; readonly lastsMs?: number },
): Promise<void> {
  const since = { $ifNull: ['$since', '$$NOW'] };
  await database.leases.updateOne(
    { _id: `service/${token}` },
    [{ $set: { token, holder: { $literal: holder }, since, until: { $add: ['$$NOW', lastsMs] } } }],
    { ...durable(), upsert: true },
  );
  await database.leases.deleteMany({ _id: announced, $expr: { $lt: ['$until', '$$NOW'] } }, durable());
}

/**
 * Says that a service has written its last.
 * @throws those of the driver.
 */
export async function withdrawService(database: ChatDatabase, token: string): Promise<void> {
  await database.leases.deleteOne({ _id: `service/${token}` }, durable());
}

/**
 * Services that run, by MongoDB's clock: one that was killed counts for {@link announcementMs} more.
 * @throws those of the driver.
 */
export async function readRunningServices(database: ChatDatabase): Promise<readonly RunningService[]> {
  const found = await database.leases
    .find({ _id: announced, $expr: { $gte: ['$until', '$$NOW'] } }, { ...majority(), sort: { since: 1 } })
    .toArray();
  return found.map(({ holder, until }) => ({ holder, until }));
}
