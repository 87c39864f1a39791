import { type ChatDatabase, createCollections, createCollectionsByRoom, isSharded, majority } from '@parlance/storage';
import { JobFailed } from '../job-failed.js';
import { adminCommand } from '../mongo/cluster/admin-command.js';
import { chunksOver, readShards, shardsOf } from '../mongo/cluster/cluster-shards.js';

/**
 * Creates what is missing of the collections that are not a month's, with their indexes. In a cluster what belongs to a room is
 * spread over the hot shards, and what is not sharded lies on one of them: left to itself MongoDB takes any shard as a new
 * database's primary, also a cold one. Any of it may be repeated.
 * @throws JobFailed without a hot shard; what the driver throws.
 */
export async function createBaseCollections(database: ChatDatabase): Promise<void> {
  if (await isSharded(database)) {
    const hot = shardsOf('hot', await readShards(database));
    const [primaryShard] = hot;
    if (primaryShard === undefined) throw new JobFailed('no shard is in the zone hot: run `jobs bootstrap`');
    await createDatabase(database, primaryShard);
    await createCollectionsByRoom(database, chunksOver(hot));
  }
  await createCollections(database);
}

async function createDatabase(database: ChatDatabase, primaryShard: string): Promise<void> {
  const name = database.db.databaseName;
  const databases = database.db.client.db('config').collection<{ _id: string }>('databases');
  if (await databases.findOne({ _id: name }, majority())) return;
  await adminCommand(database, { enableSharding: name, primaryShard });
}
