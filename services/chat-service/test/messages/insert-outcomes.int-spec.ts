import { addMonths, createMonth, type MonthYear, monthOf, type SlotDocument } from '@parlance/storage';
import { Long, ObjectId } from 'mongodb';
import { expect, it } from 'vitest';
import { MongoMessageStore } from '../../src/features/slots/mongo-message-store.js';
import { type CommandFailure, failCommands } from '../fixtures/fail-commands.js';
import { newRoom } from '../fixtures/new-room.js';
import { newText } from '../fixtures/new-text.js';
import { sharePods } from '../fixtures/share-pods.js';
import { as, type Pod, type Pods } from '../fixtures/start-pods.js';

let servers: Pods;
let pod: Pod;
let store: MongoMessageStore;
const month = addMonths(monthOf(Date.now()), -1);
sharePods(async (pods) => {
  servers = pods;
  [pod] = servers.pods;
  store = new MongoMessageStore(pod.mongo.database);
  await createMonth(pod.mongo.database, month);
});

function slot(roomId: string, messageId: number, monthYear: MonthYear = month, content = 'text'): SlotDocument {
  return {
    _id: new ObjectId(),
    monthYear,
    roomId,
    messageId: Long.fromNumber(messageId),
    timestamp: new Date(),
    senderId: 'ann',
    clientMessageId: `${roomId}-${messageId}`,
    bodyHash: 'hash',
    content,
    messageType: 'text',
  };
}

async function insert(slots: readonly SlotDocument[], ordered: boolean, into = month): Promise<string[]> {
  return (await store.insert(into, slots, ordered)).map(({ kind }) => kind);
}

const stored = (rooms: readonly string[]): Promise<number> =>
  pod.mongo.database.messages(month).countDocuments({ roomId: { $in: [...rooms] } });

function send(roomId: string, clientMessageId: string, timeMs = 10_000) {
  const context = { ...as('ann'), deadlineAt: Date.now() + timeMs };
  return pod.operations.sendMessage(context, newText(roomId, clientMessageId));
}

it('lets a taken slot and a document that is too large concern nobody but themselves', async () => {
  await insert([slot('a', 1)], false);
  const large = 'x'.repeat(16 * 1024 * 1024);
  expect(await insert([slot('b', 1), slot('a', 1), slot('c', 1, month, large), slot('d', 1)], false)).toEqual([
    'committed',
    'taken',
    'refused',
    'committed',
  ]);
  expect(await stored(['a', 'b', 'c', 'd'])).toBe(3);
});

it('stores nothing of an ordered batch behind its first error', async () => {
  await insert([slot('e', 2)], false);
  expect(await insert([slot('e', 1), slot('e', 2), slot('e', 3)], true)).toEqual([
    'committed',
    'taken',
    'notAttempted',
  ]);
  expect(await stored(['e'])).toBe(2);
});

it('knows which slots were taken also when no majority answered for the others', async () => {
  await insert([slot('f', 1)], false);
  const failure = { failCommands: ['insert'], writeConcernError: { code: 64, errmsg: 'waiting for a majority' } };
  await using _ = await failCommands(pod.mongo.database, failure, 1);
  expect(await insert([slot('f', 1), slot('g', 1)], false)).toEqual(['taken', 'unknown']);
  expect(await stored(['g'])).toBe(1);
});

it('refuses what is written to a view: an archived month takes nothing', async () => {
  const archived = addMonths(month, -1);
  const { database } = pod.mongo;
  const viewOn = database.messages(month).collectionName;
  await database.db.createCollection(database.messages(archived).collectionName, { viewOn });
  expect(await insert([slot('h', 1, archived), slot('i', 1, archived)], false, archived)).toEqual([
    'refused',
    'refused',
  ]);
  expect(await stored(['h', 'i'])).toBe(0);
});

it.each([
  ['a command that is not known', { errorCode: 59 }, 'refused', 0],
  ['a missing right', { errorCode: 13 }, 'refused', 0],
  ['a step down', { errorCode: 189 }, 'unknown', 0],
  ['a time-out', { errorCode: 50 }, 'unknown', 0],
  ['a closed connection', { closeConnection: true }, 'unknown', 0],
  ['a missing majority', { writeConcernError: { code: 64, errmsg: 'w' } }, 'unknown', 2],
] as const)('says of both documents what is certain after %s', async (name, failure, kind, landed) => {
  await using _ = await failCommands(pod.mongo.database, { failCommands: ['insert'], ...failure }, 1);
  expect(await insert([slot(`${name}-1`, 1), slot(`${name}-2`, 1)], false)).toEqual([kind, kind]);
  expect(await stored([`${name}-1`, `${name}-2`])).toBe(landed);
});

it('answers rejected, at once and to each send, when a server refuses the command for certain', async () => {
  const roomId = await newRoom(pod);
  await send(roomId, 'before');
  {
    await using _ = await failCommands(pod.mongo.database, { failCommands: ['insert'], errorCode: 13 });
    const sends = await Promise.allSettled(Array.from({ length: 5 }, (_, index) => send(roomId, `refused-${index}`)));
    for (const result of sends) {
      expect(result).toMatchObject({ status: 'rejected', reason: { reason: 'INTERNAL', outcome: 'rejected' } });
    }
  }
  expect((await send(roomId, 'after')).message?.messageId).toBe(2);
});

it.each<[string, Omit<CommandFailure, 'failCommands'>]>([
  ['a step down', { errorCode: 189 }],
  ['a closed connection', { closeConnection: true }],
  ['a missing majority', { writeConcernError: { code: 64, errmsg: 'w' } }],
])('tries again after %s until it knows, and stores the message once', async (_, failure) => {
  const roomId = await newRoom(pod);
  await send(roomId, 'before');
  await using _failing = await failCommands(pod.mongo.database, { failCommands: ['insert'], ...failure }, 1);
  expect(await send(roomId, 'once')).toMatchObject({ deduplicated: false, message: { messageId: 2 } });
  const { messages } = await pod.operations.getMessageHistory(as('ann'), { roomId, limit: 0 });
  expect(messages.map(({ content }) => content)).toEqual(['before', 'once']);
});

it('answers unknown when it does not get to know in time', async () => {
  const roomId = await newRoom(pod);
  await send(roomId, 'before');
  await using _ = await failCommands(pod.mongo.database, { failCommands: ['insert'], errorCode: 189 });
  await expect(send(roomId, 'doubtful', 500)).rejects.toMatchObject({ outcome: 'unknown', row: { retryable: true } });
});
