import {
  addMonths,
  createMonth,
  endOfMonth,
  lastSlots,
  type MonthYear,
  monthOf,
  type SlotDocument,
  sealSlot,
  startOfMonth,
} from '@parlance/storage';
import { Long, ObjectId } from 'mongodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Stores, startStores } from '../fixtures/start-stores.js';

const month = monthOf(Date.now());
const other = addMonths(month, -1);
const at = startOfMonth(month);
let stores: Stores;
beforeAll(async () => {
  stores = await startStores();
  await createMonth(stores.database, other);
});
afterAll(() => stores[Symbol.asyncDispose]());

/** A message at `at` plus its id. */
function slot(roomId: string, messageId: number, monthYear: MonthYear = month): SlotDocument {
  return {
    _id: new ObjectId(),
    monthYear,
    roomId,
    messageId: Long.fromNumber(messageId),
    timestamp: new Date(at + messageId),
    senderId: messageId % 2 ? 'ann' : 'bob',
    clientMessageId: `c${messageId}`,
    bodyHash: 'hash',
    content: `${roomId} ${messageId}`,
    messageType: 'text',
  };
}

const seal = (roomId: string, head: number) => sealSlot({ roomId, monthYear: month, head, timestamp: at });

/** Slots 1 to 5 of a room, and the same of another room and another month, which nobody may be shown. */
async function roomOfFive(roomId: string): Promise<void> {
  const five = (room: string, of?: MonthYear) => [3, 1, 5, 2, 4].map((id) => slot(room, id, of));
  await stores.messages.insert(month, [...five(roomId), ...five(`${roomId}-not`)], false);
  await stores.messages.insert(other, [slot(roomId, 6, other), slot(roomId, 7, other)], true);
}

it('reads the newest slot of a room in a month, a seal included', async () => {
  await roomOfFive('last');
  expect(await stores.messages.readLast(month, 'last')).toMatchObject({
    kind: 'message',
    roomId: 'last',
    messageId: 5,
    timestamp: at + 5,
  });
  expect(await stores.messages.readLast(other, 'last')).toMatchObject({ messageId: 7, monthYear: other });
  await stores.messages.insert(month, [seal('last', 5)], true);
  expect(await stores.messages.readLast(month, 'last')).toMatchObject({ kind: 'seal', messageId: 6 });
  expect(await stores.messages.readLast(month, 'last-none')).toBeUndefined();
});

it('reads the newest slots of several rooms at once, of those that have any there and of no other room', async () => {
  await Promise.all(['lasts-a', 'lasts-b', 'lasts-c'].map(roomOfFive));
  await stores.messages.insert(month, [seal('lasts-b', 5)], true);
  const lasts = await stores.messages.readLasts(month, ['lasts-a', 'lasts-b', 'lasts-none']);
  expect(Object.fromEntries(lasts)).toEqual({
    'lasts-a': { kind: 'message', messageId: 5, timestamp: at + 5 },
    'lasts-b': { kind: 'seal', messageId: 6, timestamp: endOfMonth(month) - 1 },
  });
  expect(Object.fromEntries(await stores.messages.readLasts(other, ['lasts-a']))).toEqual({
    'lasts-a': { kind: 'message', messageId: 7, timestamp: at + 7 },
  });
});

it('finds the newest slots by a key a room, not a message', async () => {
  await Promise.all(['keys-a', 'keys-b'].map(roomOfFive));
  const plan = await stores.database
    .messages(month)
    .aggregate(lastSlots(month, ['keys-a', 'keys-b']))
    .explain('executionStats');
  expect(JSON.stringify(plan)).toContain('DISTINCT_SCAN');
});

it('never throws, whatever the server says of the whole command', async () => {
  expect(await stores.messages.insert(month, [], true)).toEqual([]);
});

it('reads the times of single slots, each of its own room', async () => {
  await Promise.all(['times-a', 'times-b'].map(roomOfFive));
  stores.takeCommands();
  const asked = [
    { roomId: 'times-a', messageId: 2 },
    { roomId: 'times-b', messageId: 4 },
    { roomId: 'times-none', messageId: 1 },
  ];
  expect(Object.fromEntries(await stores.messages.readTimestamps(month, asked))).toEqual({
    'times-a': at + 2,
    'times-b': at + 4,
  });
  const [command] = stores.takeCommands().map((each) => each.command);
  expect(command).toMatchObject({ projection: { roomId: 1, timestamp: 1 }, maxTimeMS: 3_000, batchSize: 4 });
  expect(command).toMatchObject({ readConcern: { level: 'majority' } });
});

it('says of a message only that is there that it is, by a read that no deposed primary answers', async () => {
  await roomOfFive('has');
  await stores.messages.insert(month, [seal('has', 5)], true);
  stores.takeCommands();
  const found = [5, 6, 7].map((id) => stores.messages.hasMessage(month, 'has', id));
  expect(await Promise.all(found)).toEqual([true, false, false]);
  const commands = stores.takeCommands().map((each) => each.command);
  expect(commands).toHaveLength(3);
  for (const command of commands) {
    expect(command).toMatchObject({
      readConcern: { level: 'linearizable' },
      maxTimeMS: 3_000,
      projection: { kind: 1 },
    });
  }
  expect(await stores.messages.hasMessage(month, 'has-none', 5)).toBe(false);
  expect(await stores.messages.hasMessage(other, 'has', 5)).toBe(false);
  expect(await stores.messages.hasMessage(other, 'has', 7)).toBe(true);
});

it('reads a range of a room ascending, both ends included, in one batch', async () => {
  await roomOfFive('range');
  stores.takeCommands();
  const idsOf = async (from: number, to: number) =>
    (await stores.messages.readRange(month, 'range', { from, to })).map(({ messageId }) => messageId);
  expect(await idsOf(2, 4)).toEqual([2, 3, 4]);
  expect(await idsOf(5, 9)).toEqual([5]);
  expect(await idsOf(6, 9)).toEqual([]);
  const commands = stores.takeCommands().map((each) => each.command);
  expect(commands.map((command) => command['batchSize'] as number)).toEqual([4, 6, 5]);
  // One server reads them in this order anyway; shards do not.
  for (const command of commands) expect(command['sort']).toEqual(new Map([['messageId', 1]]));
  const [first] = await stores.messages.readRange(month, 'range', { from: 1, to: 1 });
  expect(first).toMatchObject({ content: 'range 1', senderId: 'ann', clientMessageId: 'c1', timestamp: at + 1 });
});

it('finds messages by sender and client id together, in one room and month', async () => {
  await roomOfFive('keys');
  const keys = [
    { senderId: 'ann', clientMessageId: 'c1' },
    { senderId: 'ann', clientMessageId: 'c2' },
    { senderId: 'bob', clientMessageId: 'c4' },
    { senderId: 'ann', clientMessageId: 'c7' },
  ];
  stores.takeCommands();
  const found = await stores.messages.findByClientKeys(month, 'keys', keys);
  expect(new Set(found.map(({ messageId }) => messageId))).toEqual(new Set([1, 4]));
  const [command] = stores.takeCommands().map((each) => each.command);
  expect(command).toMatchObject({ readConcern: { level: 'majority' }, maxTimeMS: 3_000 });
  const plan = await stores.database
    .messages(month)
    .find(command?.['filter'] as object)
    .explain('queryPlanner');
  expect(JSON.stringify(plan['queryPlanner'].winningPlan)).toContain('client_message_id');
  const elsewhere = await stores.messages.findByClientKeys(other, 'keys', keys, 'linearizable');
  expect(elsewhere.map(({ messageId }) => messageId)).toEqual([7]);
});

it('tells how long a command may take', async () => {
  stores.takeCommands();
  await stores.messages.readLast(month, 'any', 700);
  await stores.messages.readLasts(month, ['any'], 800);
  await stores.messages.readRange(month, 'any', { from: 1, to: 2 }, 900);
  await stores.messages.insert(month, [slot('any', 1)], true);
  await stores.messages.insert(month, [slot('any', 2)], false);
  const commands = stores.takeCommands().map((each) => each.command);
  expect(commands.map((command) => command['maxTimeMS'] as number)).toEqual([700, 800, 900, 3_000, 3_000]);
  expect(commands.map((command) => command['ordered'] as unknown)).toEqual([
    undefined,
    undefined,
    undefined,
    true,
    false,
  ]);
  for (const command of commands.slice(3)) {
    expect(command).toMatchObject({ writeConcern: { w: 'majority', wtimeout: 3_000 } });
  }
});
