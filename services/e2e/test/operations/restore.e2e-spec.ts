import { ParlanceClient } from '@parlance/client';
import { runJobs } from '@parlance/jobs';
import { type Db, type Document, MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ChatClient } from '../../src/clients/chat-client.js';
import { signToken } from '../../src/clients/sign-token.js';
import { type Deployment, startDeployment } from '../../src/deployment/start-deployment.js';

let parlance: Deployment;
let mongo: MongoClient;
beforeAll(async () => {
  parlance = await startDeployment({
    mongo: 'shared',
    gateways: 2,
    chatServices: 2,
    env: { HEAD_SWEEP_MS: '1000' },
  });
  mongo = await MongoClient.connect(parlance.mongo.uri);
});
afterAll(async () => {
  await mongo.close();
  await parlance[Symbol.asyncDispose]();
});

const urlOf = (gateway: 0 | 1): string => parlance.gateways[gateway]?.url ?? '';
const textsOf = (client: ParlanceClient, roomId: string) => client.room(roomId)?.messages.map(spell) ?? [];
const spell = ({ messageId, content }: { readonly messageId: number; readonly content: string }) =>
  `${messageId} ${content}`;

it('shows on both gateways, to clients that stay, the restored log and nothing else, however far it has grown by then', async () => {
  const [ann, bob] = [await connect('ann', 0), await connect('bob', 1)];
  const { roomId } = await ann.client.createRoom({ roomType: 'group', participants: ['bob', 'cy'] });
  for (let id = 1; id <= 5; id++) await ann.client.send(roomId, `kept ${id}`).done;
  const backup = await dump(mongo.db());
  for (let id = 6; id <= 10; id++) await (id % 2 ? ann : bob).client.send(roomId, `lost ${id}`).done;
  const { roomId: young } = await ann.client.createRoom({ roomType: 'group', participants: ['bob'] });
  const { roomId: direct } = await ann.client.createRoom({ roomType: '1v1', participants: ['bob'] });
  for (let id = 1; id <= 3; id++) await ann.client.send(direct, `lost ${id}`).done;
  const lost = [6, 7, 8, 9, 10].map((id) => `${id} lost ${id}`);
  for (const { client } of [ann, bob]) {
    await expect.poll(() => textsOf(client, roomId).slice(5), { timeout: 30_000 }).toEqual(lost);
    await expect.poll(() => textsOf(client, direct).length, { timeout: 30_000 }).toBe(3);
    await expect.poll(() => client.room(young)?.room.head, { timeout: 30_000 }).toBe(0);
  }

  for (const { process } of parlance.chatServices) await process.stop();
  await putBack(mongo.db(), backup);
  expect(await raiseEpoch()).toBe(0);
  await Promise.all(parlance.chatServices.map(({ process }) => process.restart()));

  // Beyond what anybody has seen, before those who stay have said or done anything.
  const cy = await connectPlainly('cy', 1);
  for (let id = 6; id <= 12; id++) await say(cy, roomId, `new ${id}`);
  const log = await cy.ask('getHistory', { roomId });
  expect(log.map(spell)).toEqual([
    ...[1, 2, 3, 4, 5].map((id) => `${id} kept ${id}`),
    ...[6, 7, 8, 9, 10, 11, 12].map((id) => `${id} new ${id}`),
  ]);

  for (const { client, told } of [ann, bob]) {
    await expect.poll(() => textsOf(client, roomId).at(-1), { timeout: 30_000 }).toBe('12 new 12');
    await client.loadOlder(roomId);
    expect(textsOf(client, roomId)).toEqual(log.map(spell));
    expect(told.wentBack).toContain(roomId);
    await expect
      .poll(() => [client.room(young), client.room(direct)], { timeout: 30_000 })
      .toEqual([undefined, undefined]);
  }
  // The acknowledged messages that are gone, each told to the one who sent it.
  expect(ann.told.lost).toEqual(['7 lost 7', '9 lost 9']);
  expect(bob.told.lost).toEqual(['6 lost 6', '8 lost 8', '10 lost 10']);

  // A 1v1 that is created again has the id of the one before, and none of its messages.
  expect((await bob.client.createRoom({ roomType: '1v1', participants: ['ann'] })).roomId).toBe(direct);
  await bob.client.send(direct, 'anew').done;
  for (const { client } of [ann, bob])
    await expect.poll(() => textsOf(client, direct), { timeout: 30_000 }).toEqual(['1 anew']);

  // What was cached under ids that came again is answered by nobody.
  for (const gateway of [0, 1] as const) {
    const reader = await connectPlainly('bob', gateway);
    for (let afterId = 0; afterId < 12; afterId++) {
      const [message] = await reader.ask('getHistory', { roomId, afterId, limit: 1 });
      expect(message && spell(message)).toBe(log.map(spell)[afterId]);
    }
    reader.close();
  }
  expect(ann.client.room(roomId)?.unreadCount).toBe(12 - (ann.client.room(roomId)?.room.readUpTo ?? 0));
  for (const { client } of [ann, bob]) client.close();
  cy.close();
});

async function connect(userId: string, gateway: 0 | 1) {
  const client = new ParlanceClient({ url: urlOf(gateway), getToken: () => signToken(userId) });
  const told = { wentBack: [] as string[], lost: [] as string[] };
  client.on('wentBack', ({ room }) => void told.wentBack.push(room.roomId));
  client.on('messageLost', (message) => void told.lost.push(spell(message)));
  await client.connect();
  return { client, told };
}

/** A gateway that has no chat service yet refuses. */
async function connectPlainly(userId: string, gateway: 0 | 1): Promise<ChatClient> {
  for (;;) {
    try {
      return await ChatClient.connect(urlOf(gateway), userId);
    } catch (refusal) {
      const { data } = refusal as { readonly data?: { readonly retryable: boolean } };
      if (!data?.retryable) throw refusal;
    }
  }
}

async function say(client: ChatClient, roomId: string, content: string): Promise<void> {
  for (;;) {
    const ack = await client.request('sendMessage', { roomId, content, clientMessageId: content.replace(' ', '-') });
    if (ack.success) return;
    expect(ack.error.retryable).toBe(true);
  }
}

/** `jobs raise-epoch`, as an operator runs it. */
function raiseEpoch(): Promise<number> {
  const silent = { write: (text: string) => void process.stderr.write(text) };
  const exit = (code: number): never => {
    throw new Error(`jobs ended with ${code}`);
  };
  const { signal } = new AbortController();
  const env = { MONGO_URI: parlance.mongo.uri };
  return runJobs({ argv: ['raise-epoch'], env, stdout: silent, stderr: silent, exit, signal });
}

/** Every document of every collection, as a backup of that moment has it. */
async function dump(db: Db): Promise<ReadonlyMap<string, readonly Document[]>> {
  const found = new Map<string, readonly Document[]>();
  for (const collection of await db.collections())
    found.set(collection.collectionName, await collection.find({}, { promoteValues: false }).toArray());
  return found;
}

async function putBack(db: Db, backup: ReadonlyMap<string, readonly Document[]>): Promise<void> {
  const writeConcern = { w: 'majority' } as const;
  for (const collection of await db.collections()) {
    await collection.deleteMany({}, { writeConcern });
    const documents = backup.get(collection.collectionName) ?? [];
    if (documents.length > 0) await collection.insertMany([...documents], { writeConcern });
  }
}
