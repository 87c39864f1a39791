import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMongo } from '@parlance/devstack';
import { ChatDatabase, createCollections, createMonth, type SlotDocument } from '@parlance/storage';
import { Long, MongoClient } from 'mongodb';
import { benchMonth, chatMessages } from './chat-texts.js';
import { type JobCost, runArchiveJob } from './run-archive-job.js';

/** What archiving a collection of one size cost, and what came out. */
export interface CollectionReport extends JobCost {
  readonly messages: number;
  /** Of the collection alone, and with its indexes; on disk, as MongoDB's default compressor leaves it. */
  readonly storageBytes: number;
  readonly withIndexBytes: number;
  readonly archiveBytes: number;
}

/** Puts messages into a real MongoDB, archives them by the job in a process of its own, and measures. */
export async function archiveCollection(messages: number, say: (line: string) => void): Promise<CollectionReport> {
  const folder = await mkdtemp(join(tmpdir(), 'parlance-bench-archive-'));
  const mongo = await startMongo({ replicas: 1, dataDir: join(folder, 'mongo') });
  const uri = mongo.uri.replace('/?', '/parlance?');
  const client = await MongoClient.connect(uri);
  try {
    const database = new ChatDatabase(client.db());
    await createCollections(database);
    await createMonth(database, benchMonth);
    say(`storing ${messages} messages ...`);
    const counts = await store(database, messages);
    await database.months.updateOne({ monthYear: benchMonth }, { $set: { state: 'SEALED', counts } });
    await client.db('admin').command({ fsync: 1 });
    const { storageSize, totalIndexSize } = await client
      .db()
      .command({ collStats: database.messages(benchMonth).collectionName });
    say('archiving them ...');
    const job = await runArchiveJob({ MONGO_URI: uri, ARCHIVE_DRIVER: 'file', ARCHIVE_PATH: join(folder, 'archive') });
    const entry = await database.months.findOne({ monthYear: benchMonth });
    if (!entry?.archive) throw new Error('the month was not archived');
    return {
      messages,
      storageBytes: storageSize,
      withIndexBytes: storageSize + totalIndexSize,
      archiveBytes: Number(entry.archive.bytes),
      ...job,
    };
  } finally {
    await client.close();
    await mongo.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function store(database: ChatDatabase, messages: number) {
  let rooms = 0;
  let batch: SlotDocument[] = [];
  const flush = async (): Promise<void> => {
    if (batch.length > 0) await database.messages(benchMonth).insertMany(batch, { ordered: false });
    batch = [];
  };
  for (const slot of chatMessages(messages)) {
    rooms += slot.kind === 'seal' ? 1 : 0;
    batch.push(slot);
    if (batch.length >= 500) await flush();
  }
  await flush();
  return { messages: Long.fromNumber(messages), rooms: Long.fromNumber(rooms), voids: Long.ZERO };
}
