import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Progress } from '@parlance/devstack';
import { ArchiveKeys, ArchiveReader, openArchiveStore } from '@parlance/storage';
import { as, type Pod, type PodContext, startPod } from '../../tiers/people/pod.js';
import type { ReadableRoom } from '../../tiers/people/room-reader.js';
import { startYearServers } from '../../tiers/year/year-servers.js';
import { spawnJobs } from '../spawn-jobs.js';
import { countingStore } from './counting-store.js';
import { createAllMonths, fillMonths } from './fill-months.js';
import { type AuditReport, measureAudit } from './measure-audit.js';
import { type MovesReport, measureMoves } from './measure-moves.js';
import { measurePages, type PagesReport } from './measure-pages.js';
import { coldAge, monthOfAge, oldestAge, warmArchiveAge } from './tiers-layout.js';

/** How much of everything. */
export interface TiersBenchSize {
  /** Rooms with a log over all months. */
  readonly rooms: number;
  /** Of them those that somebody sends to while months move. */
  readonly senders: number;
  /** Pages of each kind. */
  readonly pages: number;
}

/** What came out. */
export interface TiersBenchReport {
  readonly size: TiersBenchSize;
  readonly pages: PagesReport;
  readonly moves: MovesReport;
  readonly audit: AuditReport;
}

/**
 * Ages from which months are warm, and from which they are cold, of one move after the other: in the end they lie as by the
 * default policy, but for the archive.
 */
const policies = [
  [20, 21],
  [13, 14],
  [3, 4],
  [1, 4],
] as const;

/** The archive's cache of a chat service: the default, and the least that it can be set to. */
const [usualCache, leastCache] = [67_108_864, 1_048_576];

/** Starts a cluster, fills months, moves them while people send, archives two, and reads pages everywhere. */
export async function runTiersBench(size: TiersBenchSize, progress: Progress): Promise<TiersBenchReport> {
  progress.step('starting a sharded MongoDB and Redis');
  await using servers = await startYearServers('cluster', { driver: 'file', encrypt: false });
  const { mongoUri, redisPort, archive, cluster } = servers;
  if (!cluster) throw new Error('there is no cluster');
  const env = { MONGO_URI: mongoUri, ...archive.env };
  const place = { mongoUri, redisPort, archive, now: Date.now };
  let rooms: ReadableRoom[] = [];
  await withPod(place, async (pod) => {
    await createAllMonths(pod.mongo.database, progress);
    rooms = await createRooms(pod, size.rooms);
    await fillMonths(pod.mongo.database, rooms, progress);
  });
  const moves = await withPod(place, (pod) =>
    measureMoves({
      pod,
      rooms: rooms.slice(0, size.senders),
      moves: policies.map((policy) => () => jobs(['migrate-tiers'], { ...env, ...tiersOf(policy) })),
      progress,
    }),
  );
  progress.step('archiving two months');
  await jobs(['archive-months'], { ...env, ...tiersOf([1, 4], warmArchiveAge) });
  const store = countingStore(await openArchiveStore(archive.place, randomUUID));
  const keys = new ArchiveKeys(archive.keys);
  const uncachedPlace = { ...place, reader: new ArchiveReader(store, keys, leastCache) };
  const pagesOf = (pod: Pod, uncached: Pod) =>
    measurePages({ rooms, pod, uncached, store, pages: size.pages, progress });
  const cachedPlace = {
    ...place,
    reader: new ArchiveReader(await openArchiveStore(archive.place, randomUUID), keys, usualCache),
  };
  return await withPod(cachedPlace, async (pod) => {
    await expectTiers(pod);
    const pages = await withPod(uncachedPlace, (uncached) => pagesOf(pod, uncached));
    progress.step('auditing, and counting everything');
    const audit = await measureAudit(pod.mongo.database, cluster, () => jobs(['audit'], env));
    return { size, pages, moves, audit };
  });
}

/** Starts a chat service for some work. */
async function withPod<Result>(place: PodContext, work: (pod: Pod) => Promise<Result>): Promise<Result> {
  const pod = await startPod(place);
  try {
    return await work(pod);
  } finally {
    await pod.close();
  }
}

async function createRooms({ operations }: Pod, count: number): Promise<ReadableRoom[]> {
  const rooms: ReadableRoom[] = [];
  for (let number = 0; number < count; number++) {
    const [user, other] = [`user-${number}`, `other-${number}`];
    const settings = { metadata: undefined, joinRule: '', historyVisibility: '' };
    const made = await operations.createRoom(as(user), { roomType: 'group', participants: [other], ...settings });
    if (!made.room) throw new Error('a room could not be made');
    rooms.push({ roomId: made.room.roomId, user });
  }
  return rooms;
}

/** Until the last move no month is archived. */
function tiersOf([warm, cold]: readonly [number, number], archive = 1_000): Readonly<Record<string, string>> {
  return {
    TIER_WARM_AFTER_MONTHS: `${warm}`,
    TIER_COLD_AFTER_MONTHS: `${cold}`,
    TIER_ARCHIVE_AFTER_MONTHS: `${archive}`,
  };
}

async function jobs(args: readonly string[], env: Readonly<Record<string, string>>): Promise<void> {
  const { job, ended } = spawnJobs(args, env, 'pipe');
  let said = '';
  job.stderr?.on('data', (data: Buffer) => {
    said = `${said}${data.toString()}`.slice(-2_000);
  });
  const [code] = await Promise.all([ended, once(job, 'close')]);
  if (code !== 0) throw new Error(`jobs ${args.join(' ')} ended with ${code}: ${said}`);
}

async function expectTiers({ mongo: { database } }: Pod): Promise<void> {
  for (const [age, tier] of [
    [0, 'hot'],
    [coldAge, 'cold'],
    [warmArchiveAge, 'archive'],
    [oldestAge, 'archive'],
  ] as const) {
    const entry = await database.months.findOne({ monthYear: monthOfAge(age) });
    if ((entry?.tier ?? 'hot') !== tier) throw new Error(`${monthOfAge(age)} is ${entry?.tier}, not ${tier}`);
  }
}
