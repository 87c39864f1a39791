import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMonth, firstSlots, lastSlots, type MonthYear } from '@parlance/storage';
import { type Document, Long, ObjectId } from 'mongodb';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { lookAtLogs } from '../../src/audit-log/look-at-logs.js';
import { audit, exitCode, sealMonth } from '../../src/index.js';
import { fillMonth } from '../fixtures/fill-month.js';
import { startDatabase, type TestDatabase } from '../fixtures/start-database.js';

const [old, young] = ['2024-01', '2024-02'] as MonthYear[] as [MonthYear, MonthYear];
const rooms = 20;
let server: TestDatabase;
let folder: string;
beforeAll(async () => {
  server = await startDatabase();
  folder = await mkdtemp(join(tmpdir(), 'parlance-audit-'));
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** Two months of 20 rooms, ten messages each: ids 1 to 10 and the seal in the first, 11 to 20 in the second. */
beforeEach(async () => {
  const { database, context } = server;
  for (const collection of await database.db.collections()) await collection.deleteMany({});
  for (const month of [old, young]) await createMonth(database, month);
  await fillMonth(database, old, { rooms, messages: 10 });
  const later = { ...context, now: async () => Date.UTC(2024, 1, 20) };
  await sealMonth({ month: old, dryRun: false }, later);
  await fillMonth(database, young, { rooms, messages: 10, firstId: 11 });
  server.takeSaid();
});

const run = (repair: boolean) => audit({ repair, metricsPath: join(folder, 'audit.prom') }, server.context);
const lose = (month: MonthYear, roomId: string, ...ids: number[]) =>
  server.database
    .messages(month)
    .deleteMany({ monthYear: month, roomId, messageId: { $in: ids.map((id) => Long.fromNumber(id)) } });
const kindsOf = async (month: MonthYear, roomId: string): Promise<string[]> => {
  const slots = await server.database.messages(month).find({ roomId }).sort({ messageId: 1 }).toArray();
  return slots.map(({ messageId, kind = 'message' }) => `${Number(messageId)} ${kind}`);
};

it('finds whole logs whole from two keys a room and month, and counts no slot', async () => {
  const found = await lookAtLogs(server.context, { full: false });
  expect(found).toEqual({ rooms, slots: rooms * 21, faulty: [], counted: [] });
  expect(await run(false)).toBe(exitCode.done);
  expect(server.takeSaid()).toContain(`${rooms * 21} slots of ${rooms} rooms are all there`);
});

it('skips from room to room in the index, forwards without a document', async () => {
  const keysOf = async (pipeline: Document[]): Promise<unknown[]> => {
    const plan = await server.database.messages(young).aggregate(pipeline).explain('executionStats');
    const text = JSON.stringify(plan);
    return [
      text.includes('DISTINCT_SCAN'),
      Number(/"totalKeysExamined":(\d+)/.exec(text)?.[1]),
      Number(/"totalDocsExamined":(\d+)/.exec(text)?.[1]),
    ];
  };
  const [first, last] = [await keysOf(firstSlots(young)), await keysOf(lastSlots(young))];
  process.stdout.write(`forwards ${first.join(' ')}, backwards ${last.join(' ')}, of ${rooms * 10} slots\n`);
  expect(first[0]).toBe(true);
  expect(last[0]).toBe(true);
});

it('names every kind of fault, changes nothing, and writes the figures for Prometheus', async () => {
  const { database } = server;
  await lose(old, 'room-1', 1, 2);
  await lose(old, 'room-2', 11);
  await lose(young, 'room-3', 14, 15, 18);
  await lose(young, 'room-4', 20);
  const zero = Long.fromNumber(0);
  const row = { joinedAt: new Date(0), leftAt: null, firstVisibleId: Long.fromNumber(1), countsFrom: zero };
  const marks = { deliveredUpTo: Long.fromNumber(20), readUpTo: Long.fromNumber(19) };
  await database.participants.insertOne({ _id: new ObjectId(), roomId: 'room-4', userId: 'bob', ...row, ...marks });
  expect(await run(false)).toBe(exitCode.found);
  const said = server.takeSaid();
  expect(said).toContain('room-1 in 2024-01: slots 1 to 2');
  expect(said).toContain('room-2 in 2024-01: slot 11, the last its seal');
  expect(said).toContain('room-3 in 2024-02: slots 14 to 15; room-3 in 2024-02: slot 18');
  expect(said).toContain('room-4: deliveredUpTo of bob is 20 and the head 19');
  expect(await database.messages(young).countDocuments({ kind: 'void' })).toBe(0);
  const figures = await readFile(join(folder, 'audit.prom'), 'utf8');
  expect(figures).toContain('chat_audit_faults{kind="hole"} 4\n');
  expect(figures).toContain('chat_audit_faults{kind="mark"} 1\n');
});

it('closes holes with void records, and with the seal, and lowers marks; then all is whole', async () => {
  const { database } = server;
  await lose(old, 'room-1', 1, 2);
  await lose(old, 'room-2', 10, 11);
  await lose(young, 'room-3', 14, 15);
  const before = await database.months.findOne({ monthYear: old });
  expect(await run(true)).toBe(exitCode.done);
  expect((await kindsOf(old, 'room-1')).slice(0, 3)).toEqual(['1 void', '2 void', '3 message']);
  expect((await kindsOf(old, 'room-2')).slice(-3)).toEqual(['9 message', '10 void', '11 seal']);
  expect(await kindsOf(young, 'room-3')).toContain('15 void');
  const times = await database.messages(old).find({ roomId: 'room-2' }).sort({ messageId: 1 }).toArray();
  expect(times.map(({ timestamp }) => timestamp)).toEqual(
    times.map(({ timestamp }) => timestamp).toSorted((one, other) => one.getTime() - other.getTime()),
  );
  const after = await database.months.findOne({ monthYear: old });
  expect([after?.epoch, Number(after?.counts?.voids)]).toEqual([(before?.epoch ?? 0) + 1, 3]);
  expect(after).not.toHaveProperty('work');
  expect(await run(false)).toBe(exitCode.done);
});

it('compares the ends that rooms note with the seals, and takes wrong ones away', async () => {
  const { database } = server;
  const note = (roomId: string, month: MonthYear, head: number) =>
    database.rooms.updateOne(
      { roomId, 'segments.monthYear': month },
      { $set: { 'segments.$.end': { head: Long.fromNumber(head), timestamp: new Date(0) } } },
    );
  const notedOf = async (roomId: string) =>
    (await database.rooms.findOne({ roomId }))?.segments.map(({ end }) => end && Number(end.head));
  await note('room-7', old, 10);
  await note('room-8', old, 12);
  await note('room-9', young, 22);
  expect(await run(false)).toBe(exitCode.found);
  const said = server.takeSaid();
  expect(said).toContain('room-8 in 2024-01: the noted end is 12 and the seal stands behind 10');
  expect(said).toContain('room-9 in 2024-02: the noted end is 22 and no seal stands in the month');
  expect(said).not.toContain('room-7');
  expect(await readFile(join(folder, 'audit.prom'), 'utf8')).toContain('chat_audit_faults{kind="end"} 2\n');
  expect(await run(true)).toBe(exitCode.done);
  expect(await notedOf('room-7')).toEqual([10, undefined]);
  expect(await notedOf('room-8')).toEqual([undefined, undefined]);
  expect(await notedOf('room-9')).toEqual([undefined, undefined]);
});

it('leaves to people what no repair decides', async () => {
  const { database } = server;
  await database.messages(old).updateOne({ roomId: 'room-5', kind: 'seal' }, { $unset: { kind: 1 } });
  await database.rooms.deleteOne({ roomId: 'room-6' });
  expect(await run(true)).toBe(exitCode.found);
  const said = server.takeSaid();
  expect(said).toContain('room-5 in 2024-01: slot 11 is no seal');
  expect(said).toContain('room-6 in 2024-02: 10 records stand there and no chain names the month');
});
