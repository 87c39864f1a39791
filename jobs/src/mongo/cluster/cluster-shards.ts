import { type ChatDatabase, majority } from '@parlance/storage';
import type { Binary, Document } from 'mongodb';

/** A shard of the cluster. */
export interface ClusterShard {
  readonly id: string;
  /** `hot-1/127.0.0.1:27118,...`: its replica set and members. */
  readonly host: string;
  readonly zones: readonly string[];
}

/** A range of a collection and the shard that has it. */
export interface Chunk {
  readonly min: Document;
  readonly max: Document;
  readonly shard: string;
  /** MongoDB holds it for too large to move. */
  readonly isJumbo?: true;
}

/** All shards, by id. */
export async function readShards({ db }: ChatDatabase): Promise<readonly ClusterShard[]> {
  const shards = await db.client
    .db('config')
    .collection<{ _id: string; host: string; tags?: readonly string[] }>('shards')
    .find({ draining: { $ne: true } }, { ...majority(), sort: { _id: 1 } })
    .toArray();
  return shards.map(({ _id, host, tags = [] }) => ({ id: _id, host, zones: tags }));
}

/** Ids of the shards of a zone. */
export function shardsOf(zone: string, shards: readonly ClusterShard[]): readonly string[] {
  return shards.filter(({ zones }) => zones.includes(zone)).map(({ id }) => id);
}

/** Ranges that what is new has over some shards, two each: a move takes them one at a time. */
export function chunksOver(shards: readonly string[]): number {
  return 2 * shards.length;
}

/** The chunks of a collection, in the order of its keys; undefined when it is not sharded. Namespace: `parlance.messages_2026_11`. */
export async function readChunks({ db }: ChatDatabase, namespace: string): Promise<readonly Chunk[] | undefined> {
  const config = db.client.db('config');
  const entry = await config
    .collection<{ _id: string; uuid: Binary }>('collections')
    .findOne({ _id: namespace }, majority());
  if (!entry) return undefined;
  const chunks = await config
    .collection('chunks')
    .find({ uuid: entry.uuid }, { ...majority(30_000), sort: { min: 1 } })
    .toArray();
  return chunks.map(({ min, max, shard, jumbo }) => ({
    min: min as Document,
    max: max as Document,
    shard: shard as string,
    ...(jumbo === true && { isJumbo: true as const }),
  }));
}
