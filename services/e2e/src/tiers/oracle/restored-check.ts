import { createLogger, createRedis, waitFor } from '@parlance/runtime';
import { type JobStart, startJob } from '../operator/job-run.js';
import { startPod } from '../people/pod.js';
import type { ReadableRoom, RoomReader } from '../people/room-reader.js';
import type { YearServers } from '../year/year-servers.js';
import { checkFinally, type FinalState } from './final-check.js';
import type { Oracle } from './oracle.js';

/** What is restored, and what it is compared with. */
export interface RestoredContext {
  readonly servers: YearServers;
  /** Environment of the jobs. */
  readonly env: Readonly<Record<string, string>>;
  readonly clockOffsetMs: number;
  readonly now: () => number;
  readonly oracle: Oracle;
  readonly reader: RoomReader;
  readonly rooms: readonly ReadableRoom[];
  /** Kill the restore once, when all but the rooms are loaded. */
  readonly strikes: boolean;
}

/**
 * Backs up what has come since the last backup, puts all of it into an empty database beside the one of the year, and has every
 * room read there through a chat service that knows nothing but it. Nobody may send meanwhile. Answers undefined when a job
 * failed, which the oracle is told.
 */
export async function checkRestored(context: RestoredContext): Promise<FinalState | undefined> {
  const { servers, env, clockOffsetMs, now, oracle, reader, rooms, strikes } = context;
  const { redisPort, archive } = servers;
  const mongoUri = servers.mongoUri.replace(/\/parlance(?=\?|$)/, '/restored');
  const run = async (args: readonly string[], database: string, strike?: JobStart['strike']): Promise<boolean> => {
    const start = { args, env: { ...env, MONGO_URI: database }, clockOffsetMs };
    const { exitCode, struckAt, said } = await startJob(strike ? { ...start, strike } : start).ended;
    if (exitCode === 0 || struckAt !== undefined) return true;
    oracle.report('job', `${args.join(' ')} ended with ${exitCode ?? 'a kill'}: ${said}`);
    return false;
  };
  const restore = ['restore-backup', '--wait', '60'];
  const isThere =
    (await run(['backup', '--wait', '60'], servers.mongoUri)) &&
    (!strikes || (await run(restore, mongoUri, { how: 'kill', at: 'restore-backup:participants' }))) &&
    (await run(restore, mongoUri)) &&
    // Older backups of the chain have what was erased since.
    (await run(['fold-events', '--wait', '60'], mongoUri)) &&
    (await run(['audit', '--full'], mongoUri));
  if (!isThere) return undefined;
  await forgetCached(redisPort);
  const pod = await startPod({ mongoUri, redisPort, archive, now });
  try {
    return await checkFinally({ archive, oracle, reader, pods: [pod], rooms });
  } finally {
    await pod.close();
  }
}

/** Rooms have the same ids in both databases, and what is cached of one must not answer for the other. */
async function forgetCached(redisPort: number): Promise<void> {
  const logger = createLogger({ name: 'year', level: 'silent' });
  const redis = createRedis({ mode: 'single', nodes: [{ host: '127.0.0.1', port: redisPort }] }, logger, () =>
    performance.now(),
  );
  await waitFor('Redis', () => redis.flushall(), { logger });
  redis.disconnect();
}
