import type { Document } from 'mongodb';
import { type ClusterServers, type CollectionEntry, UNSHARDED } from '../cluster-servers.js';
import { CommandError } from '../wire/command-error.js';
import { again, ask, askPrimaryShard, ensureDatabase } from './ask-servers.js';
import type { CommandRequest } from './command-request.js';

/**
 * `findAndModify` on the one shard its query leads to, which another shard's explanation of the same query names: there is no
 * routing command for it. As with mongos the query has to hold the shard key of a sharded collection.
 */
export async function findAndModify(request: CommandRequest, servers: ClusterServers): Promise<Document> {
  const { db, command } = request;
  await ensureDatabase(servers, db);
  return again(async (attempt) => {
    const entry = await servers.collection(request.namespace);
    if (entry === undefined) return askPrimaryShard(servers, db, { ...command, shardVersion: UNSHARDED });
    const query = (command['query'] ?? {}) as Document;
    const missing = Object.keys(entry.key).filter((field) => query[field] === undefined);
    if (missing.length > 0) {
      throw new CommandError(
        61,
        'ShardKeyNotFound',
        `Query for sharded findAndModify must contain the shard key: ${missing.join()}`,
      );
    }
    const shardId = await shardOf(request, entry, servers, attempt);
    const owner = (await servers.owners(entry)).find((each) => each.shardId === shardId);
    if (owner === undefined)
      throw new CommandError(13_388, 'StaleConfig', `${shardId} owns nothing of ${entry._id} any more`);
    return ask(await servers.onShard(shardId, db), { ...command, shardVersion: owner.shardVersion });
  });
}

async function shardOf(
  request: CommandRequest,
  entry: CollectionEntry,
  servers: ClusterServers,
  attempt: number,
): Promise<string> {
  const { db, command } = request;
  const database = await servers.database(db);
  const any = await servers.onShard(database?.primary ?? '', db);
  if (attempt > 1)
    await ask(any.client.db('admin'), { _flushRoutingTableCacheUpdates: entry._id, syncFromConfig: true });
  const { collation } = command;
  const filter = (command['query'] ?? {}) as Document;
  const find = {
    clusterFind: command[request.name] as unknown,
    filter,
    ...(collation === undefined ? {} : { collation }),
  };
  const plan = (await ask(any, { explain: find, verbosity: 'queryPlanner' }))['queryPlanner'] as ShardedPlan;
  const { shards } = plan.winningPlan;
  const [only] = shards;
  if (only === undefined || shards.length > 1) {
    throw new CommandError(61, 'ShardKeyNotFound', 'Query for sharded findAndModify must lead to one shard');
  }
  return only.shardName;
}

interface ShardedPlan {
  readonly winningPlan: { readonly shards: readonly { readonly shardName: string }[] };
}
