import type { ChatDatabase } from './chat-database.js';
import { durable, majority } from './command-options.js';

/** What is being restored. */
export interface RestoreMark {
  readonly chain: string;
  readonly sequence: number;
  /** The epoch that all logs get at the end, Unix milliseconds. */
  readonly epoch: number;
}

/** Stands in `leases` from before the first document is taken away until the last one is right. */
const markId = 'restore';

/** The restore that has not ended; undefined when there is none. */
export async function readRestoreMark(database: ChatDatabase): Promise<RestoreMark | undefined> {
  const found = await database.leases.findOne({ _id: markId }, majority());
  const [chain = '', sequence, epoch] = found?.token.split('/') ?? [];
  return found ? { chain, sequence: Number(sequence), epoch: Number(epoch) } : undefined;
}

/** Says that a restore has begun. */
export async function setRestoreMark(database: ChatDatabase, { chain, sequence, epoch }: RestoreMark): Promise<void> {
  const token = `${chain}/${sequence}/${epoch}`;
  await database.leases.updateOne(
    { _id: markId },
    [{ $set: { token, holder: 'restore-backup', since: '$$NOW', until: '$$NOW' } }],
    { ...durable(), upsert: true },
  );
}

/** Says that it has ended. */
export async function clearRestoreMark(database: ChatDatabase): Promise<void> {
  await database.leases.deleteOne({ _id: markId }, durable());
}
