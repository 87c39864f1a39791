import { waitUntil } from '@parlance/devstack';
import { type Document, MongoClient } from 'mongodb';

const patience = { timeoutMs: 60_000, everyMs: 500 } as const;

/**
 * Moves half of the chunks that one shard has of each month's own range to another shard, as the balancer does, and answers
 * how many they were. A move that is refused, because ranges that came here before are still being deleted or a server is
 * away, is asked for again for a while.
 */
export async function moveChunks(routerUri: string, from: string, to: string): Promise<number> {
  const client = new MongoClient(routerUri);
  try {
    const books = client.db('config');
    const months: Document = { _id: { $regex: /^parlance\.messages_\d{4}_\d{2}$/ } };
    let moved = 0;
    for (const { _id: namespace, uuid } of await books.collection('collections').find(months).toArray()) {
      // Before and after a month's own range there is a chunk without a zone, which ends or begins with no month.
      const own = { uuid, shard: from, 'min.monthYear': { $type: 'string' }, 'max.monthYear': { $type: 'string' } };
      const chunks = await books.collection('chunks').find(own).sort({ min: 1 }).toArray();
      for (const { min, max } of chunks.slice(0, Math.ceil(chunks.length / 2))) {
        const move = { moveRange: namespace as unknown, min: min as unknown, max: max as unknown, toShard: to };
        await waitUntil(() => client.db('admin').command(move), { what: `a chunk to be moved to ${to}`, ...patience });
        moved += 1;
      }
    }
    return moved;
  } finally {
    await client.close();
  }
}
