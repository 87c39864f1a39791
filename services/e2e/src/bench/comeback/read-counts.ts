import type { MongoClient } from 'mongodb';

/** Commands that read, by collection; all months together are `messages`. */
export type ReadCounts = Readonly<Record<string, number>>;

/** What was read of rooms since the server's start, by `top`: finds, further batches, and aggregates. */
export async function readCounts(mongo: MongoClient): Promise<ReadCounts> {
  const { totals } = (await mongo.db('admin').command({ top: 1 })) as { totals: Record<string, Usage> };
  const counts: Record<string, number> = { rooms: 0, participants: 0, messages: 0, room_events: 0 };
  for (const [namespace, { queries, getmore, commands }] of Object.entries(totals)) {
    const [database, collection = ''] = namespace.split('.');
    const name = collection.startsWith('messages_') ? 'messages' : collection;
    if (database === 'parlance' && name in counts)
      counts[name] = (counts[name] ?? 0) + queries.count + getmore.count + commands.count;
  }
  return counts;
}

/** All of them together. */
export function sumOf(counts: ReadCounts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

interface Usage {
  readonly queries: { readonly count: number };
  readonly getmore: { readonly count: number };
  readonly commands: { readonly count: number };
}
