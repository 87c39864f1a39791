import { type ChatDatabase, durable } from '@parlance/storage';

/** Lets the time of the jobs' lease pass at once, which whoever held it, killed or halted, does not renew any more. */
export async function passLease(database: ChatDatabase): Promise<void> {
  await database.leases.updateOne({ _id: 'jobs' }, { $set: { until: new Date(0) } }, durable());
}
