import { commandTimeout } from '@parlance/storage';
import type { Db } from 'mongodb';

/** Ranges that have moved away from a shard and are still to be deleted there. */
export interface PendingDeletions {
  readonly ranges: number;
  /** Documents in them. Readers do not see them. */
  readonly documents: number;
}

/** What of a collection a shard has still to delete. Asked of its primary. */
export async function readRangeDeletions(db: Db, namespace: string): Promise<PendingDeletions> {
  const tasks = await db.client
    .db('config')
    .collection<{ numOrphanDocs?: number }>('rangeDeletions')
    .find({ nss: namespace }, { projection: { numOrphanDocs: 1 }, ...commandTimeout(30_000) })
    .toArray();
  return {
    ranges: tasks.length,
    documents: tasks.reduce((sum, { numOrphanDocs = 0 }) => sum + numOrphanDocs, 0),
  };
}

/** How long a server waits before it deletes a range that moved away, seconds: secondaries may still read it. */
export async function readDeletionDelay(db: Db): Promise<number> {
  return await parameter(db, 'orphanCleanupDelaySecs', 900);
}

/**
 * How long a server keeps what was deleted readable for snapshots, seconds. No file gets smaller before that: `compact` finds
 * the pages still in use (measured on 6.0.5: 4.4 MB to 2.8 with 300 s, to 12 KB with 0).
 */
export async function readHistoryWindow(db: Db): Promise<number> {
  return await parameter(db, 'minSnapshotHistoryWindowInSeconds', 300);
}

/** A server's parameter, or its default where the server does not tell. */
async function parameter(db: Db, name: string, byDefault: number): Promise<number> {
  const answer = await db.client.db('admin').command({ getParameter: 1, [name]: 1 }, commandTimeout(5_000));
  return Number(answer[name] ?? byDefault);
}
