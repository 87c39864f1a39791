import type { Document } from 'mongodb';
import type { ClusterServers } from '../cluster-servers.js';
import { CommandError } from '../wire/command-error.js';
import { again, ask } from './ask-servers.js';
import type { CommandRequest } from './command-request.js';

/** `split` at a `middle` that is given; the shard that owns the chunk does it. */
export async function splitChunk(request: CommandRequest, servers: ClusterServers): Promise<Document> {
  const namespace = request.fullNamespace;
  const { middle } = request.rest;
  if (middle === undefined)
    throw new CommandError(72, 'InvalidOptions', 'This router splits at a middle that is given');
  return again(async () => {
    const entry = await servers.collection(namespace);
    if (entry === undefined) throw new CommandError(118, 'NamespaceNotSharded', `${namespace} is not sharded`);
    const around: Document = { uuid: entry.uuid, min: { $lte: middle as unknown }, max: { $gt: middle as unknown } };
    const chunk = await servers.books.collection('chunks').findOne(around, { promoteValues: false });
    if (chunk === null) throw new CommandError(2, 'BadValue', 'no chunk holds that key');
    const owner = (await servers.owners(entry)).find(({ shardId }) => shardId === chunk['shard']);
    return ask(await servers.onShard(String(chunk['shard']), 'admin'), {
      splitChunk: namespace,
      from: String(chunk['shard']),
      keyPattern: entry.key,
      epoch: entry.lastmodEpoch,
      timestamp: entry.timestamp,
      shardVersion: owner?.shardVersion,
      min: chunk['min'] as unknown,
      max: chunk['max'] as unknown,
      splitKeys: [middle as unknown],
    });
  });
}
