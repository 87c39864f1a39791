import { MongoClient } from 'mongodb';
import type { SeenMessage } from '../history/observation.js';

interface StoredMessage {
  readonly roomId: string;
  readonly messageId: unknown;
  readonly senderId: string;
  readonly clientMessageId: string;
  readonly content: string;
  readonly timestamp: Date;
}

/** All rooms' logs straight from MongoDB, over all months, at majority from the primary; seals are not messages. */
export async function readLogs(mongoUri: string): Promise<Map<string, SeenMessage[]>> {
  const client = new MongoClient(mongoUri, { readPreference: 'primary', readConcern: { level: 'majority' } });
  try {
    const database = client.db('parlance');
    const names = (await database.listCollections({}, { nameOnly: true }).toArray())
      .map(({ name }) => name)
      .filter((name) => /^messages_\d{4}_\d{2}$/.test(name))
      .toSorted();
    const logs = new Map<string, SeenMessage[]>();
    for (const name of names) {
      for await (const stored of database.collection<StoredMessage>(name).find({ kind: { $exists: false } })) {
        const { roomId, senderId, clientMessageId, content } = stored;
        const log = logs.get(roomId) ?? [];
        logs.set(roomId, log);
        const messageId = Number(stored.messageId);
        log.push({ roomId, messageId, senderId, clientMessageId, content, timestamp: stored.timestamp.getTime() });
      }
    }
    for (const log of logs.values()) log.sort((left, right) => left.messageId - right.messageId);
    return logs;
  } finally {
    await client.close();
  }
}
