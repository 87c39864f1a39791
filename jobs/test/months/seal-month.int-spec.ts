import { addMonths, ChatDatabase, createMonth, endOfMonth, type MonthYear, monthOf } from '@parlance/storage';
import { beforeEach, expect, it } from 'vitest';
import { sealMonth } from '../../src/index.js';
import { sealDueMonths } from '../../src/months/seal-month.js';
import { shareDatabase } from '../fixtures/share-database.js';
import type { TestDatabase } from '../fixtures/start-database.js';
import { sealsOf, writeMessages, writeRoom } from '../fixtures/write-rooms.js';

const current = monthOf(Date.now());
const month = addMonths(current, -2);
let server: TestDatabase;
shareDatabase((database) => (server = database));
beforeEach(async () => {
  const { database } = server;
  for (const collection of await database.db.collections()) await collection.deleteMany({});
  await createMonth(database, month);
  server.takeSaid();
});

const run = (options: { month?: MonthYear; dryRun?: boolean } = {}, context = server.context) =>
  sealMonth({ month, dryRun: false, ...options }, context);
const entryOf = () => server.database.months.findOne({ monthYear: month });

it('seals every room at its head + 1, also a silent one and one that rooms does not know, and closes the month', async () => {
  const { database } = server;
  await writeRoom(database, 'talking', month, 5);
  await writeRoom(database, 'silent', month, 0, 42);
  await writeMessages(database, 'orphan', month, 2);
  await writeRoom(database, 'elsewhere', addMonths(month, 1), 0);
  expect(await run()).toBe(0);
  expect(await sealsOf(database, 'talking', month)).toEqual([6]);
  expect(await sealsOf(database, 'silent', month)).toEqual([42]);
  expect(await sealsOf(database, 'orphan', month)).toEqual([3]);
  expect(await sealsOf(database, 'elsewhere', month)).toEqual([]);
  const entry = await entryOf();
  expect(entry).toMatchObject({ state: 'SEALED', epoch: 2 });
  expect([entry?.counts?.messages, entry?.counts?.rooms, entry?.counts?.voids].map(Number)).toEqual([7, 3, 0]);
  expect(entry?.sealedAt?.getTime()).toBeGreaterThan(endOfMonth(month));
  const [seal] = await database.messages(month).find({ roomId: 'talking', kind: 'seal' }).toArray();
  expect(seal?.timestamp.getTime()).toBe(endOfMonth(month) - 1);
});

it('prints the plan with reasons, and with --dry-run changes nothing', async () => {
  await writeRoom(server.database, 'talking', month, 5);
  expect(await run({ dryRun: true })).toBe(0);
  expect(server.takeSaid()).toMatch(
    new RegExp(
      `^1. seal 1 room in slot head\\+1 of ${month}\n   because .*\n2. count ${month}.*\n   because .*OPEN.*\n$`,
    ),
  );
  expect(await sealsOf(server.database, 'talking', month)).toEqual([]);
  expect(await entryOf()).toMatchObject({ state: 'OPEN', epoch: 1 });
});

it('refuses the current month, by the clock of the server, and one that is not registered', async () => {
  await createMonth(server.database, current);
  expect(await run({ month: current })).toBe(3);
  expect(server.takeSaid()).toContain('a day after its end');
  expect(await run({ month: addMonths(month, -1) })).toBe(3);
  expect(server.takeSaid()).toContain('not registered');
});

it('changes nothing when it is run again', async () => {
  await writeRoom(server.database, 'talking', month, 5);
  await run();
  const before = await server.database.messages(month).find().toArray();
  expect(await run()).toBe(0);
  expect(server.takeSaid()).toContain('nothing to do');
  expect(await server.database.messages(month).find().toArray()).toEqual(before);
  expect(await entryOf()).toMatchObject({ epoch: 2 });
});

it('goes on where a run was stopped, at whatever insert that was', async () => {
  const { database, context } = server;
  const rooms = Array.from({ length: 600 }, (_, index) => `room-${index}`);
  for (const roomId of rooms) await writeRoom(database, roomId, month, 1);
  const stop = new AbortController();
  let inserts = 0;
  const { db } = database;
  const command: typeof db.command = async (...args) => {
    const reply = await db.command(...args);
    if ('insert' in args[0] && ++inserts === 2) stop.abort(new Error('killed'));
    return reply;
  };
  const stopping = new ChatDatabase(Object.assign(Object.create(db) as typeof db, { command }));
  await expect(run({}, { ...context, database: stopping, signal: stop.signal })).rejects.toThrow('killed');
  expect(await database.messages(month).countDocuments({ kind: 'seal' })).toBe(512);
  expect(await entryOf()).toMatchObject({ state: 'OPEN' });
  expect(await run()).toBe(0);
  expect(await database.messages(month).countDocuments({ kind: 'seal' })).toBe(600);
  expect(await entryOf()).toMatchObject({ state: 'SEALED' });
});

it('lets two runs at a time make one seal a room and close the month once', async () => {
  const { database } = server;
  for (let index = 0; index < 300; index++) await writeRoom(database, `room-${index}`, month, 1 + (index % 3));
  expect(await Promise.all([run(), run()])).toEqual([0, 0]);
  expect(await database.messages(month).countDocuments({ kind: 'seal' })).toBe(300);
  expect(await entryOf()).toMatchObject({ state: 'SEALED', epoch: 2 });
});

it('seals in the end what a lost answer and a missing majority left open', async () => {
  const { database } = server;
  const admin = database.db.client.db('admin');
  await writeRoom(database, 'a', month, 2);
  await writeRoom(database, 'b', month, 3);
  for (const data of [
    { closeConnection: true },
    { errorCode: 189 },
    { writeConcernError: { code: 64, errmsg: 'w' } },
  ]) {
    await database.messages(month).deleteMany({ kind: 'seal' });
    await database.months.updateOne({ monthYear: month }, { $set: { state: 'OPEN' } });
    await admin.command({
      configureFailPoint: 'failCommand',
      mode: { times: 2 },
      data: { failCommands: ['insert'], ...data },
    });
    expect(await run()).toBe(0);
    await admin.command({ configureFailPoint: 'failCommand', mode: 'off' });
    expect([await sealsOf(database, 'a', month), await sealsOf(database, 'b', month)]).toEqual([[3], [4]]);
    expect(await entryOf()).toMatchObject({ state: 'SEALED' });
  }
});

it('gives up with the reason when nothing moves, and leaves the month open', async () => {
  const { database } = server;
  const admin = database.db.client.db('admin');
  await writeRoom(database, 'a', month, 2);
  const data = { failCommands: ['insert'], errorCode: 13 };
  await admin.command({ configureFailPoint: 'failCommand', mode: 'alwaysOn', data });
  try {
    await expect(run()).rejects.toThrow(/1 rooms of .* cannot be sealed: an insert was refused/);
  } finally {
    await admin.command({ configureFailPoint: 'failCommand', mode: 'off' });
  }
  expect(await entryOf()).toMatchObject({ state: 'OPEN', epoch: 1 });
});

it('does not close a month that another job has changed', async () => {
  const { database, context } = server;
  await writeRoom(database, 'a', month, 1);
  const say = async (): Promise<void> => {
    await database.months.updateOne({ monthYear: month }, { $inc: { epoch: 1 } });
  };
  const changed = { moved: undefined as Promise<void> | undefined };
  const meddled = {
    ...context,
    async checkpoint() {
      changed.moved ??= say();
      await changed.moved;
    },
  };
  const sealing = run({}, meddled);
  await expect(sealing).rejects.toThrow('another job changed it');
  await changed.moved;
  expect(await entryOf()).toMatchObject({ state: 'OPEN', epoch: 2 });
});

it('without a month seals each that is due, oldest first, and does nothing when none is', async () => {
  const { database, context } = server;
  const older = addMonths(month, -1);
  await createMonth(database, older);
  await createMonth(database, current);
  await writeRoom(database, 'talking', older, 2);
  expect(await sealDueMonths(false, context)).toBe(0);
  const states = await database.months.find().sort({ monthYear: 1 }).toArray();
  expect(states.map(({ monthYear, state }) => [monthYear, state])).toEqual([
    [older, 'SEALED'],
    [month, 'SEALED'],
    [current, 'OPEN'],
  ]);
  server.takeSaid();
  expect(await sealDueMonths(false, context)).toBe(0);
  expect(server.takeSaid()).toBe('nothing to do: no open month ended more than a day ago\n');
});
