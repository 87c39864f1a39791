import { randomUUID } from 'node:crypto';
import {
  claimMonth,
  createMonth,
  holdsMonth,
  type MonthDocument,
  type MonthYear,
  parseMonth,
  releaseMonth,
  stepMonth,
} from '@parlance/storage';
import { Long } from 'mongodb';
import { beforeEach, expect, it } from 'vitest';
import { shareDatabase } from '../fixtures/share-database.js';
import type { TestDatabase } from '../fixtures/start-database.js';

const month = parseMonth('2026-05') as MonthYear;
const note = { step: 'copy', what: 'copy $it', reason: 'it is $old' };
let server: TestDatabase;
shareDatabase((database) => (server = database));
beforeEach(async () => {
  await server.database.months.deleteMany({});
  await createMonth(server.database, month);
});

async function entryOf(): Promise<MonthDocument> {
  const entry = await server.database.months.findOne({ monthYear: month });
  if (!entry) throw new Error(`${month} is gone`);
  return entry;
}

async function claimed(job = 'move') {
  const claim = await claimMonth(server.database, await entryOf(), { run: randomUUID(), job }, note);
  if (!claim) throw new Error('somebody else has it');
  return claim;
}

it('gives a month to one of two that claim it at once', async () => {
  const read = await entryOf();
  const claims = await Promise.all(
    [1, 2].map(() => claimMonth(server.database, read, { run: randomUUID(), job: 'move' }, note)),
  );
  const won = claims.filter((claim) => claim !== undefined);
  expect(won).toHaveLength(1);
  expect(await entryOf()).toMatchObject({ epoch: 2, work: { job: 'move', step: 'copy', memo: {}, run: won[0]?.run } });
});

it('stops who was claimed over, at every write', async () => {
  const { database } = server;
  const zombie = await claimed();
  await claimed();
  const after = await entryOf();
  expect(await holdsMonth(database, zombie)).toBe(false);
  expect(await stepMonth(database, zombie, { ...note, step: 'drop' }, { tier: 'cold' })).toBe(false);
  expect(await releaseMonth(database, zombie, { state: 'SEALED' })).toBe(false);
  expect(await entryOf()).toEqual(after);
});

it('stops who was claimed over also when the other is done', async () => {
  const zombie = await claimed();
  await releaseMonth(server.database, await claimed());
  expect(await stepMonth(server.database, zombie, note, { tier: 'cold' })).toBe(false);
});

it('hands memo and steps of a dead run to the next of the same job, and to no other', async () => {
  const { database } = server;
  const dead = await claimed();
  await stepMonth(database, dead, { ...note, step: 'zone', memo: { balancer: '$full' } });
  await claimed();
  expect((await entryOf()).work?.memo).toEqual({ balancer: '$full' });
  expect((await entryOf()).steps?.map(({ step }) => step)).toEqual(['zone', 'copy']);
  await claimed('archive');
  expect((await entryOf()).work?.memo).toEqual({});
  expect((await entryOf()).steps?.map(({ step }) => step)).toEqual(['copy']);
});

it('notes a repeated step once, with its words as they are', async () => {
  const { database } = server;
  const claim = await claimed();
  const counts = { messages: Long.fromNumber(3), rooms: Long.fromNumber(1), voids: Long.fromNumber(0) };
  for (const _ of [1, 2]) {
    expect(await stepMonth(database, claim, { ...note, step: 'zone' }, { tier: 'warm', counts })).toBe(true);
  }
  const { steps, tier, counts: stored } = await entryOf();
  expect(steps?.map(({ step, what, reason }) => [step, what, reason])).toEqual([
    ['copy', 'copy $it', 'it is $old'],
    ['zone', 'copy $it', 'it is $old'],
  ]);
  expect(steps?.[0]?.at).toBeInstanceOf(Date);
  expect([tier, Number(stored?.messages)]).toEqual(['warm', 3]);
});

it('ends with the last change, and takes away what is told to go', async () => {
  const { database } = server;
  const claim = await claimed();
  await stepMonth(database, claim, note, { state: 'SEALED', verifiedAt: new Date(0) });
  expect(await releaseMonth(database, claim, { state: 'ARCHIVED', tier: 'archive', verifiedAt: undefined })).toBe(true);
  const entry = await entryOf();
  expect(entry).toMatchObject({ state: 'ARCHIVED', tier: 'archive', epoch: 2, steps: [{ step: 'copy' }] });
  expect(entry).not.toHaveProperty('work');
  expect(entry).not.toHaveProperty('verifiedAt');
});

it.each([
  ['OPEN', 'ARCHIVED'],
  ['SEALED', 'OPEN'],
  ['ARCHIVED', 'OPEN'],
] as const)('never makes an %s month %s', async (from, to) => {
  const { database } = server;
  await database.months.updateOne({ monthYear: month }, { $set: { state: from } });
  expect(await stepMonth(database, await claimed(), note, { state: to })).toBe(false);
  expect(await entryOf()).toMatchObject({ state: from });
});
