import { commandTimeout } from '@parlance/storage';
import type { Db, Document } from 'mongodb';
import { codeOf } from './admin-command.js';

const namespaceNotFound = 26;
const notOnView = 166;

/** What a collection takes on one server. */
export interface ShardBytes {
  /** Documents that lie there, ranges that wait for deletion included. */
  readonly documents: number;
  /** Its files and those of its indexes, as long as they are, also where nothing lies in them. */
  readonly bytes: number;
}

/** The part of a server's disk that the database is on. */
export interface DiskSpace {
  readonly totalBytes: number;
  readonly freeBytes: number;
}

/** What a collection takes on one server; nothing where it does not stand, or a view has its name. */
export async function readShardBytes(db: Db, collection: string): Promise<ShardBytes> {
  const none = { documents: 0, bytes: 0 };
  try {
    const [stats] = await db
      .collection(collection)
      .aggregate<{ storageStats: Document }>([{ $collStats: { storageStats: {} } }], commandTimeout(30_000))
      .toArray();
    if (!stats) return none;
    const { count, storageSize, totalIndexSize } = stats.storageStats;
    return { documents: Number(count ?? 0), bytes: Number(storageSize ?? 0) + Number(totalIndexSize ?? 0) };
  } catch (thrown) {
    if (codeOf(thrown) === namespaceNotFound || codeOf(thrown) === notOnView) return none;
    throw thrown;
  }
}

/** How full the disk of a server is. Asked of a database that every server has: of one that is not there it tells nothing. */
export async function readDiskSpace(db: Db): Promise<DiskSpace> {
  const { fsTotalSize, fsUsedSize } = await db.client.db('local').command({ dbStats: 1 }, commandTimeout(30_000));
  return { totalBytes: Number(fsTotalSize), freeBytes: Number(fsTotalSize) - Number(fsUsedSize) };
}

/** Whether somebody has locked a server's files, as a backup of them does. */
export async function isLockedForBackup(db: Db): Promise<boolean> {
  const { fsyncLock } = await db.client.db('admin').command({ currentOp: 1, $ownOps: true }, commandTimeout(30_000));
  return fsyncLock === true;
}
