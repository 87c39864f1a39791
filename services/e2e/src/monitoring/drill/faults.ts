import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addMonths, ChatDatabase, durable, monthOf } from '@parlance/storage';
import { Long, MongoClient } from 'mongodb';
import type { WatchedDeployment } from '../stack/watched-deployment.js';

/** How long a halted job seems to have been at its month, milliseconds: longer than a stalled move's alert waits. */
const stalledMs = 30 * 3_600_000;

/** What is broken on purpose, in this order, by its name. Each starts from a deployment without an alert. */
export const faults: Readonly<Record<string, Fault>> = {
  'redis-killed': {
    alert: 'ParlanceRedisAway',
    async strike({ parlance }) {
      await Promise.all(parlance.redis.nodes.map((node) => node.kill()));
      return async () => void (await Promise.all(parlance.redis.nodes.map((node) => node.restart())));
    },
  },
  'chat-service-killed': {
    alert: 'ParlanceChatServiceGone',
    strike: ({ parlance }) => killed(parlance.chatServices.slice(1)),
  },
  'all-chat-services-killed': {
    alert: 'ParlanceNoChatService',
    strike: ({ parlance }) => killed(parlance.chatServices),
  },
  'gateway-killed': {
    alert: 'ParlanceGatewayGone',
    strike: ({ parlance }) => killed(parlance.gateways.slice(1)),
  },
  'month-skipped': {
    alert: 'ParlanceMonthMissing',
    strike: (watched) =>
      withDatabase(watched, async ({ months }) => {
        const next = addMonths(monthOf(Date.now()), 1);
        const entry = await months.findOneAndDelete({ monthYear: next }, durable());
        if (entry === null) throw new Error(`${next} is not there to be taken away`);
        return () =>
          withDatabase(watched, async (database) => void (await database.months.insertOne(entry, durable())));
      }),
  },
  'move-stalled': {
    alert: 'ParlanceMoveStalled',
    async strike(watched) {
      const job = watched.strikeJob({ how: 'stop', at: 'migrate-tiers:zoned' }, 'migrate-tiers');
      if ((await job.struck) === undefined) throw new Error(`nothing was moved: ${(await job.ended).said}`);
      await withDatabase(watched, async ({ months }) => {
        const startedAt = new Date(Date.now() - stalledMs);
        await months.updateOne({ work: { $exists: true } }, { $set: { 'work.startedAt': startedAt } }, durable());
      });
      return async () => {
        job.process.kill('SIGKILL');
        await job.ended;
        await watched.runJob('migrate-tiers', '--wait', '60');
      };
    },
  },
  'message-lost': {
    alert: 'ParlanceAuditFoundLoss',
    strike: (watched) =>
      withDatabase(watched, async (database) => {
        const messages = database.messages(monthOf(Date.now()));
        const lost = await messages.findOne({ messageId: Long.fromNumber(2) });
        if (lost === null) throw new Error('no room has a second message yet');
        const { monthYear, roomId, messageId } = lost;
        await messages.deleteOne({ monthYear, roomId, messageId }, durable());
        await watched.runJob('audit');
        return async () => {
          await withDatabase(watched, (again) => again.messages(lost.monthYear).insertOne(lost, durable()));
          await watched.runJob('audit');
        };
      }),
  },
  'archive-damaged': {
    alert: 'ParlanceVerifyFailed',
    async strike(watched) {
      const files = await readdir(watched.archivePath, { recursive: true, withFileTypes: true });
      const [file] = files.filter((each) => each.isFile() && each.name === 'manifest');
      if (file === undefined)
        throw new Error(`the archive has no manifest: ${files.map(({ name }) => name).join(', ')}`);
      const path = join(file.parentPath, file.name);
      const whole = await readFile(path);
      await writeFile(path, whole.subarray(0, whole.length / 2));
      await watched.runJob('scrub-archive', '--wait', '60');
      return async () => {
        await writeFile(path, whole);
        await watched.runJob('scrub-archive', '--wait', '60');
      };
    },
  },
  'mongod-killed': {
    alert: 'ParlanceStoreAway',
    async strike({ parlance }) {
      const hot = (parlance.shardedMongo?.shards ?? [])
        .filter(({ tier }) => tier === 'hot')
        .flatMap(({ nodes }) => nodes);
      await Promise.all(hot.map((node) => node.kill()));
      return async () => void (await Promise.all(hot.map((node) => node.restart())));
    },
  },
};

/** One way to break a deployment. */
export interface Fault {
  /** The alert that has to fire, alone. */
  readonly alert: string;
  /** Breaks it; resolves with what mends it. */
  strike(watched: WatchedDeployment): Promise<() => Promise<void>>;
}

async function killed(services: WatchedDeployment['parlance']['chatServices']): Promise<() => Promise<void>> {
  await Promise.all(services.map(({ process }) => process.kill()));
  return async () => void (await Promise.all(services.map(({ process }) => process.start())));
}

async function withDatabase<T>(
  { mongoUri }: WatchedDeployment,
  use: (database: ChatDatabase) => Promise<T>,
): Promise<T> {
  const client = await MongoClient.connect(mongoUri);
  try {
    return await use(new ChatDatabase(client.db()));
  } finally {
    await client.close();
  }
}
