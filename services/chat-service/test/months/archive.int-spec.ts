import { readFile, rm, writeFile } from 'node:fs/promises';
import { archiveMonths, quietContext, restoreMonth, sealMonth } from '@parlance/jobs';
import type { WireMessage } from '@parlance/proto';
import { addMonths, createMonth, type MonthYear, monthOf, startOfMonth } from '@parlance/storage';
import { Long } from 'mongodb';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { newRoom } from '../fixtures/new-room.js';
import { newText } from '../fixtures/new-text.js';
import { as, type Pod, type Pods, startPods } from '../fixtures/start-pods.js';
import { type TestArchive, testArchive } from '../fixtures/test-archive.js';

const day = 86_400_000;
const minute = 60_000;
const current = monthOf(Date.now());
const oldest = addMonths(current, -8);
const old = addMonths(current, -7);
let archive: TestArchive;
let servers: Pods;
/** Said in the two old months and this one. */
let talkative: string;
/** Silent since the old month. */
let silent: string;
let before: readonly WireMessage[];

beforeAll(async () => {
  archive = await testArchive();
  servers = await startPods({ archive: archive.reader });
  const [one, two] = servers.pods;
  for (const month of [oldest, old, addMonths(current, -1)]) await createMonth(one.mongo.database, month);
  travelTo(oldest);
  talkative = await newRoom(one);
  await say(one, talkative, 'oldest', 70);
  travelTo(old);
  silent = await newRoom(one);
  await say(one, silent, 'silent', 90);
  await seal(oldest);
  // By its own clock MongoDB lets a room go on in this month only.
  await one.mongo.database.rooms.updateOne(
    { roomId: talkative },
    { $push: { segments: { monthYear: old, firstId: Long.fromNumber(71), openedAt: new Date(startOfMonth(old)) } } },
  );
  await say(two, talkative, 'old', 60);
  servers.clockOffsetMs = 0;
  await seal(old);
  await say(one, talkative, 'new', 30);
  before = await readAll(one, talkative, 50);
  await archive.archive(one.mongo.database, oldest, { drop: true });
  await archive.archive(one.mongo.database, old, { drop: true });
  // What the pods know of the months is a minute old at most.
  servers.clockOffsetMs = 2 * minute;
  for (const pod of servers.pods) await pod.redis.flushall();
});
afterAll(async () => {
  await servers?.[Symbol.asyncDispose]();
  await archive?.[Symbol.asyncDispose]();
});
afterEach(() => {
  archive.isAway = false;
});

function travelTo(month: MonthYear): void {
  servers.clockOffsetMs = startOfMonth(month) + 20 * day - Date.now();
}

async function seal(month: MonthYear): Promise<void> {
  const code = await sealMonth({ month, dryRun: false }, quietContext(servers.pods[1].mongo.database));
  if (code !== 0) throw new Error(`seal-month ended with ${code}`);
}

async function say(pod: Pod, roomId: string, content: string, count = 1) {
  const requests = Array.from({ length: count }, (_, number) =>
    newText(roomId, `${content} ${number}`, `${content}-${number}`.replaceAll(' ', '-')),
  );
  // Every tenth is said by the installation: such messages go through the archive as any other.
  return Promise.all(
    requests.map(({ messageType, ...request }, number) =>
      number % 10 === 9
        ? pod.operations.sendSystemMessage(as(''), { ...request, senderId: 'system:crm' })
        : pod.operations.sendMessage(as('ann'), { ...request, messageType }),
    ),
  );
}

async function readAll(pod: Pod, roomId: string, limit: number): Promise<WireMessage[]> {
  const messages: WireMessage[] = [];
  for (let beforeId: number | undefined; ; beforeId = messages[0]?.messageId ?? 0) {
    const page = await pod.operations.getMessageHistory(as('ann'), {
      roomId,
      limit,
      ...(beforeId === undefined ? {} : { beforeId }),
    });
    messages.unshift(...page.messages);
    if (!page.hasMore) return messages;
  }
}

async function page(pod: Pod, roomId: string, place: { readonly afterId?: number; readonly fromDate?: number }) {
  return pod.operations.getMessageHistory(as('ann'), { roomId, limit: 50, ...place });
}

const withoutReceipts = ({
  messageId,
  messageType,
  content,
  timestamp,
  senderId,
  clientMessageId,
  monthYear,
}: WireMessage) => ({
  messageId,
  messageType,
  content,
  timestamp,
  senderId,
  clientMessageId,
  monthYear,
});

it('reads the same from the archive as it did from MongoDB, in both directions and whatever the size of a page', async () => {
  const [one, two] = servers.pods;
  expect(before).toHaveLength(160);
  expect(before.filter(({ messageType }) => messageType === 'system')).toHaveLength(16);
  for (const limit of [7, 50, 200]) {
    expect((await readAll(two, talkative, limit)).map(withoutReceipts)).toEqual(before.map(withoutReceipts));
  }
  const forward: WireMessage[] = [];
  for (let more = true; more; ) {
    const next = await page(one, talkative, { afterId: forward.at(-1)?.messageId ?? 0 });
    forward.push(...next.messages);
    more = next.hasMore;
  }
  expect(forward.map(withoutReceipts)).toEqual(before.map(withoutReceipts));
  const from = await page(one, talkative, { fromDate: before[100]?.timestamp ?? 0 });
  const first = before.find(({ timestamp }) => timestamp >= (before[100]?.timestamp ?? 0));
  expect(from.messages[0]?.messageId).toBe(first?.messageId);
});

it('resumes from a cursor in an archived month over all that follows', async () => {
  const [one] = servers.pods;
  const seen: number[] = [];
  for (let more = true; more; ) {
    const cursor = { roomId: talkative, messageId: seen.at(-1) ?? 65, rev: 0, epoch: 0 };
    const { rooms } = await one.operations.resume(as('ann'), { rooms: [cursor] });
    expect(rooms[0]).toMatchObject({ truncated: false, error: undefined, head: 160 });
    seen.push(...(rooms[0]?.messages ?? []).map(({ messageId }) => messageId));
    more = rooms[0]?.hasMore ?? false;
  }
  expect(seen).toEqual(Array.from({ length: 95 }, (_, index) => 66 + index));
});

it('takes one read of the archive for a page whose index is known, and none for one whose blocks are', async () => {
  const [one] = servers.pods;
  archive.forget();
  await page(one, talkative, { afterId: 69 });
  archive.takeReads();
  // Over two blocks of the month, and larger than what is read of a page at first.
  expect((await page(one, talkative, { afterId: 0 })).messages).toHaveLength(50);
  expect(archive.takeReads()).toEqual([`${oldest}/0`]);
  await page(one, talkative, { afterId: 0 });
  expect(archive.takeReads()).toEqual([]);
});

it('lists rooms, and sends into a room that was silent since, while the archive is away; its history goes on across', async () => {
  const [one, two] = servers.pods;
  const { rooms } = await one.operations.listRoomHeads(as('ann'), {});
  expect(rooms.find(({ roomId }) => roomId === silent)).toMatchObject({ head: 90 });
  archive.isAway = true;
  const again = await two.operations.listRoomHeads(as('bob'), {});
  expect(again.rooms.find(({ roomId }) => roomId === silent)).toMatchObject({ head: 90 });
  const [sent] = await say(two, silent, 'after seven months');
  expect(sent).toMatchObject({ deduplicated: false, message: { messageId: 91, monthYear: current } });
  archive.isAway = false;
  const all = await readAll(one, silent, 50);
  expect(all.map(({ messageId }) => messageId)).toEqual(Array.from({ length: 91 }, (_, index) => index + 1));
  expect(all.at(-1)?.content).toBe('after seven months 0');
});

it('answers ARCHIVE_UNAVAILABLE for an archived page alone while the archive is away', async () => {
  const [one] = servers.pods;
  archive.forget();
  archive.isAway = true;
  await expect(page(one, talkative, { afterId: 0 })).rejects.toMatchObject({
    reason: 'ARCHIVE_UNAVAILABLE',
    outcome: 'rejected',
    row: { retryable: true },
  });
  const newest = await one.operations.getMessageHistory(as('ann'), { roomId: talkative, limit: 30 });
  expect(newest.messages.map(({ messageId }) => messageId)).toEqual(Array.from({ length: 30 }, (_, at) => 131 + at));
  const cursors = [talkative, silent].map((roomId) => ({
    roomId,
    messageId: roomId === silent ? 90 : 5,
    rev: 0,
    epoch: 0,
  }));
  const { rooms } = await one.operations.resume(as('ann'), { rooms: cursors });
  expect(rooms[0]).toMatchObject({ messages: [], error: { reason: 'ERROR_REASON_ARCHIVE_UNAVAILABLE' } });
  expect(rooms[1]).toMatchObject({ error: undefined, head: 91 });
  archive.isAway = false;
  expect((await page(one, talkative, { afterId: 0 })).messages).toHaveLength(50);
});

it('never serves a block with a flipped bit, names it in the log and counts it', async () => {
  const [one] = servers.pods;
  archive.forget();
  const [file = ''] = await archive.segmentsOf(oldest);
  const sound = await readFile(file);
  const spoilt = Buffer.from(sound);
  spoilt.writeUInt8((sound[200] ?? 0) ^ 0x10, 200);
  await rm(file);
  await writeFile(file, spoilt);
  servers.takeLogged();
  try {
    await expect(page(one, talkative, { afterId: 0 })).rejects.toMatchObject({ reason: 'ARCHIVE_UNAVAILABLE' });
    const lines = servers.takeLogged().map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toContainEqual(
      expect.objectContaining({
        level: 'error',
        month: oldest,
        trouble: 'damaged',
        msg: expect.stringMatching(`${oldest}/0.*block at \\d+ is damaged`),
      }),
    );
    expect(await one.metrics.registry.metrics()).toMatch(/chat_archive_reads_total\{result="damaged"\} [1-9]/);
    // Another block of the same month is sound.
    expect((await page(one, talkative, { afterId: 45 })).messages[0]?.messageId).toBe(46);
  } finally {
    await rm(file);
    await writeFile(file, sound);
  }
  expect((await page(one, talkative, { afterId: 0 })).messages).toHaveLength(50);
});

it('reads on when a month flips, and its collection is gone, between two reads', async () => {
  const [one] = servers.pods;
  const { database } = one.mongo;
  const flipping = addMonths(current, -6);
  const roomId = await roomIn(flipping, 'flips', 60);
  expect((await page(one, roomId, { afterId: 0 })).messages).toHaveLength(50);
  await archive.archive(database, flipping, { drop: true });
  await one.redis.flushall();
  expect((await page(one, roomId, { afterId: 0 })).messages.map(({ messageId }) => messageId)).toEqual(
    Array.from({ length: 50 }, (_, index) => index + 1),
  );
});

it('reads on when a month is restored, or its copy rewritten, between two reads', async () => {
  const [one] = servers.pods;
  const { database } = one.mongo;
  const restored = addMonths(current, -5);
  const roomId = await roomIn(restored, 'comes-back', 60);
  await archive.archive(database, restored, { drop: false });
  servers.clockOffsetMs += 2 * minute;
  await one.redis.flushall();
  expect((await page(one, roomId, { afterId: 0 })).messages).toHaveLength(50);
  expect(archive.takeReads().some((key) => key.startsWith(restored))).toBe(true);
  // The files of the copy that is known are gone; the month's entry names another.
  archive.forget();
  await archive.rename(database, restored);
  await one.redis.flushall();
  expect((await page(one, roomId, { afterId: 0 })).messages).toHaveLength(50);
  archive.forget();
  await archive.remove(restored);
  await database.months.updateOne({ monthYear: restored }, { $set: { state: 'SEALED', tier: 'cold' } });
  await one.redis.flushall();
  expect((await page(one, roomId, { afterId: 0 })).messages).toHaveLength(50);
});

it('reads on while the jobs archive a month, drop it and bring it back', async () => {
  const [one, two] = servers.pods;
  const { database } = one.mongo;
  const month = addMonths(current, -3);
  const roomId = await roomIn(month, 'by-the-jobs', 60);
  const quiet = quietContext(database);
  const config = { ...quiet.config, ...archive.config, warmAfterMonths: 1, coldAfterMonths: 2, archiveAfterMonths: 3 };
  const at = (laterMs: number) => ({ ...quiet, config, now: async () => Date.now() + laterMs });
  const read = async (pod: Pod): Promise<readonly string[]> => {
    await one.redis.flushall();
    return (await page(pod, roomId, { afterId: 0 })).messages.map(({ content }) => content);
  };
  const expected = await read(one);
  expect(expected).toHaveLength(50);
  expect(await archiveMonths({ months: [month], dryRun: false }, at(0))).toBe(0);
  expect(await read(one)).toEqual(expected);
  expect(await archiveMonths({ months: [month], dryRun: false }, at(2 * day))).toBe(0);
  expect(await database.months.findOne({ monthYear: month })).toMatchObject({
    archive: { droppedAt: expect.any(Date) },
  });
  const told = (await one.operations.listMonths(as('root'), {})).inventory?.months ?? [];
  const counted = { monthYear: month, state: 'ARCHIVED', tier: 'archive', messages: 60, bytes: 0 };
  expect(told.find(({ monthYear }) => monthYear === month)).toMatchObject({
    ...counted,
    archive: { bytes: expect.any(Number) as number, droppedAt: expect.any(Number) as number },
    work: undefined,
    next: undefined,
  });
  // One pod has asked for the collection a moment ago, the other knows nothing of the month.
  expect(await read(one)).toEqual(expected);
  expect(await read(two)).toEqual(expected);
  expect(await restoreMonth({ month, live: true, dryRun: false }, at(3 * day))).toBe(0);
  expect(await database.months.findOne({ monthYear: month })).toMatchObject({ state: 'SEALED' });
  expect(await read(one)).toEqual(expected);
  servers.clockOffsetMs += 2 * minute;
  archive.isAway = true;
  archive.forget();
  expect(await read(two)).toEqual(expected);
});

it('answers a retryable error for a month in a state that a later release has written', async () => {
  const [one] = servers.pods;
  const { database } = one.mongo;
  const unknown = addMonths(current, -4);
  const roomId = await roomIn(unknown, 'later', 5);
  await database.months.updateOne({ monthYear: unknown }, { $set: { state: 'FROZEN' as never } });
  servers.clockOffsetMs += 2 * minute;
  await one.redis.flushall();
  await expect(page(one, roomId, { afterId: 0 })).rejects.toMatchObject({
    reason: 'STORE_UNAVAILABLE',
    row: { retryable: true },
  });
  await database.months.updateOne({ monthYear: unknown }, { $set: { state: 'SEALED' } });
});

it('tells operators of all months what is done to them next, and of all jobs how they ended', async () => {
  const [one] = servers.pods;
  const { database } = one.mongo;
  const policy = { warmAfterMonths: 1, coldAfterMonths: 4, archiveAfterMonths: 5, hasArchive: true };
  const ended = { run: 'r', at: new Date(), exitCode: 4, findings: [{ kind: 'zone', count: 1 }], note: '1 faults' };
  await database.jobRuns.insertOne({ _id: 'verify', run: 'r', begunAt: new Date(), ended, policy });
  const { months = [], jobs = [] } = (await one.operations.listMonths(as('root'), {})).inventory ?? {};
  expect(months.map(({ monthYear }) => monthYear)).toEqual(
    months
      .map(({ monthYear }) => monthYear)
      .toSorted()
      .toReversed(),
  );
  const [open, sealed, dropped] = [current, addMonths(current, -4), old].map((month) =>
    months.find(({ monthYear }) => monthYear === month),
  );
  expect(open).toMatchObject({ state: 'OPEN', tier: 'hot', next: { job: 'seal-month' } });
  expect(open?.messages).toBeGreaterThanOrEqual(30);
  expect(open?.bytes).toBeGreaterThan(0);
  // A replica set has no warm and no cold shards.
  const archiving = { job: 'archive-months', notBefore: startOfMonth(addMonths(current, 1)) };
  expect(sealed).toMatchObject({ state: 'SEALED', messages: 5, next: archiving });
  expect(dropped).toMatchObject({ state: 'ARCHIVED', bytes: 0, next: undefined });
  expect(jobs.find(({ job }) => job === 'verify')).toMatchObject({ state: 'found', findings: ended.findings });
  expect(jobs.find(({ job }) => job === 'backup')).toMatchObject({ state: 'never' });
});

/** A room that said something in a month, which is sealed. */
async function roomIn(month: MonthYear, name: string, count: number): Promise<string> {
  const [one] = servers.pods;
  const { clockOffsetMs } = servers;
  await createMonth(one.mongo.database, month);
  travelTo(month);
  const roomId = await newRoom(one);
  await say(one, roomId, name, count);
  servers.clockOffsetMs = Math.max(clockOffsetMs, 0);
  await seal(month);
  await one.redis.flushall();
  return roomId;
}
