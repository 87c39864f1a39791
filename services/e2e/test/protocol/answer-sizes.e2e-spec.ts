import type { Ack, ChatRoom, ResumedRoom } from '@parlance/proto';
import { limits } from '@parlance/proto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ChatClient } from '../../src/clients/chat-client.js';
import { HttpClient } from '../../src/clients/http-client.js';
import { type Deployment, startDeployment } from '../../src/deployment/start-deployment.js';

/** The largest answers that legal requests can get, and the largest legal requests, against the running stack. */
let parlance: Deployment;
const open: ChatClient[] = [];
beforeAll(async () => {
  parlance = await startDeployment({ mongo: 'shared', gateways: 1, chatServices: 1 });
});
afterAll(async () => {
  for (const client of open) client.close();
  await parlance[Symbol.asyncDispose]();
});

async function connect(userId: string): Promise<ChatClient> {
  const client = await ChatClient.connect(parlance.gateways[0]?.url ?? '', userId);
  open.push(client);
  return client;
}

/** Bytes of an answer as it came, without the few of the packet around it. */
function bytesOf(answer: unknown): number {
  return Buffer.byteLength(JSON.stringify(answer));
}

function succeeded<Data>(ack: Ack<Data>): Extract<Ack<Data>, { success: true }> {
  if (!ack.success) throw new Error(`${ack.error.code} ${ack.error.message}`);
  return ack;
}

/** `count` users with ids of the greatest length. */
function longIds(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}`.padEnd(128, '.'));
}

it('resumes many rooms whose receipts are long in answers that stay below the limit, without a hole', async () => {
  const ann = await connect('ann');
  const readers = await Promise.all(longIds('reader', 4).map((userId) => connect(userId)));
  const participants = readers.map(({ userId }) => userId);
  const roomIds: string[] = [];
  for (let index = 0; index < 4; index++) {
    const { roomId } = await ann.ask('createRoom', { roomType: 'group', participants });
    await Promise.all(
      Array.from({ length: 200 }, (_, message) => ann.ask('sendMessage', { roomId, content: `${message}` })),
    );
    await Promise.all(readers.map((reader) => reader.ask('messageRead', { roomId, messageId: 200 })));
    roomIds.push(roomId);
  }
  const cursors = new Map(roomIds.map((roomId) => [roomId, 0]));
  const read = new Map(roomIds.map((roomId): [string, number[]] => [roomId, []]));
  const sizes: number[] = [];
  for (let round = 0; cursors.size > 0 && round < 50; round++) {
    const { data, ...rest } = succeeded(await ann.request('resume', { rooms: Object.fromEntries(cursors) }));
    sizes.push(bytesOf({ data, ...rest }));
    expect(Object.keys(data.rooms).toSorted()).toEqual([...cursors.keys()].toSorted());
    for (const [roomId, room] of Object.entries(data.rooms)) {
      const { messages, hasMore } = room as Extract<ResumedRoom, { messages: unknown }>;
      read.get(roomId)?.push(...messages.map(({ messageId }) => messageId));
      if (hasMore) cursors.set(roomId, read.get(roomId)?.at(-1) ?? 0);
      else cursors.delete(roomId);
    }
  }
  expect(Math.max(...sizes)).toBeLessThanOrEqual(limits.answerBytes);
  expect([...read.values()]).toEqual(roomIds.map(() => Array.from({ length: 200 }, (_, index) => index + 1)));
});

it('answers many pages of the largest messages at once, each below the limit', async () => {
  const ann = await connect('ann');
  const { roomId } = await ann.ask('createRoom', { roomType: 'group', participants: ['bob'] });
  const content = '\u6f22'.repeat(Math.floor(limits.contentBytes / 3));
  await Promise.all(Array.from({ length: 60 }, () => ann.ask('sendMessage', { roomId, content })));
  const clients = await Promise.all(Array.from({ length: 10 }, () => connect('bob')));
  const answers = await Promise.all(
    clients.flatMap((bob) => [
      bob.request('resume', { rooms: { [roomId]: 0 } }),
      bob.request('resume', { rooms: { [roomId]: 40 } }),
    ]),
  );
  for (const answer of answers) {
    expect(Object.values(succeeded(answer).data.rooms)).toMatchObject([{ hasMore: true, head: 60 }]);
    expect(bytesOf(answer)).toBeLessThanOrEqual(limits.answerBytes);
  }
});

it('ends a page of history early by its bytes as JSON, on the socket and over HTTP', async () => {
  const [ann, http] = [await connect('ann'), new HttpClient(parlance.gateways[0]?.url ?? '', 'ann')];
  const { roomId } = await ann.ask('createRoom', { roomType: 'group', participants: ['bob'] });
  for (let index = 0; index < 8; index++)
    await ann.ask('sendMessage', { roomId, content: '\u0001'.repeat(limits.contentBytes) });
  const page = succeeded(await ann.request('getHistory', { roomId, afterId: 0, limit: 200 }));
  expect(bytesOf(page)).toBeLessThanOrEqual(limits.answerBytes);
  expect(page).toMatchObject({ hasMore: true });
  expect(page.data.map(({ messageId }) => messageId)).toEqual(page.data.map((_, index) => index + 1));
  const answer = await http.page('GET', `/rooms/${roomId}/messages?afterId=0&limit=200`);
  expect(bytesOf(answer)).toBeLessThanOrEqual(limits.answerBytes);
});

it('lists rooms with a sample of their participants, in pages that end early by their bytes', async () => {
  const lister = await connect('lister');
  const others = longIds('other', 30);
  const long = { name: 'x', description: '\u0001'.repeat(2_000), avatar: '\u0001'.repeat(2_000) };
  const created: string[] = [];
  for (let index = 0; index < 12; index++) {
    const room = await lister.ask('createRoom', { roomType: 'group', participants: others, metadata: long });
    expect(room).toMatchObject({ participantCount: 31 });
    expect(room.participants).toHaveLength(31);
    created.push(room.roomId);
  }
  const { roomId: direct } = await lister.ask('createRoom', { roomType: '1v1', participants: ['peer'] });
  const listed: ChatRoom[] = [];
  let pages = 0;
  for (let cursor: string | undefined, more = true; more && pages < 20; pages++) {
    const page = succeeded(await lister.request('listRooms', { limit: 200, ...(cursor ? { cursor } : {}) }));
    expect(bytesOf(page)).toBeLessThanOrEqual(limits.answerBytes);
    listed.push(...page.data);
    cursor = page.cursor;
    more = page.hasMore === true;
  }
  expect(listed.map(({ roomId }) => roomId).toSorted()).toEqual([...created, direct].toSorted());
  expect(pages).toBeGreaterThan(1);
  for (const room of listed.filter(({ roomType }) => roomType === 'group')) {
    expect(room.participantCount).toBe(31);
    expect(room.participants).toHaveLength(limits.listedParticipants);
    expect(room.participants).toContain('lister');
  }
  expect(listed.find(({ roomId }) => roomId === direct)).toMatchObject({ participantCount: 2 });
  expect(listed.find(({ roomId }) => roomId === direct)?.participants.toSorted()).toEqual(['lister', 'peer']);
  const whole = await lister.ask('joinRoom', { roomId: created[0] ?? '' });
  expect(whole.participants.toSorted()).toEqual(['lister', ...others].toSorted());
  expect(whole.participantCount).toBe(31);
});

it('answers the largest requests that the limits of their fields allow, on the socket and over HTTP', async () => {
  const owner = await connect('owner'.padEnd(128, '.'));
  const http = new HttpClient(parlance.gateways[0]?.url ?? '', owner.userId);
  const everybody = longIds('user', limits.participants - 1);
  const escaped = '\u0001'.repeat(limits.roomTextLength);
  const metadata = { name: '\u0001'.repeat(limits.roomNameLength), description: escaped, avatar: escaped };
  const whole = { roomType: 'group' as const, participants: everybody, metadata };
  const created = succeeded(await owner.request('createRoom', whole));
  const { roomId } = created.data;
  expect(created.data.participants).toHaveLength(limits.participants);
  expect(bytesOf(created)).toBeLessThanOrEqual(limits.answerBytes);
  const added = succeeded(await owner.request('addParticipants', { roomId, userIds: everybody }));
  expect(added.data.participants).toHaveLength(limits.participants);
  const again = await http.page<ChatRoom>('POST', `/rooms/${roomId}/participants`, { userIds: everybody });
  expect(again.data.participantCount).toBe(limits.participants);
  expect(bytesOf(again)).toBeLessThanOrEqual(limits.answerBytes);
  const tooMany = { roomType: 'group' as const, participants: longIds('x', limits.participants), metadata };
  expect(await owner.refused('createRoom', tooMany)).toMatchObject({ code: 'ROOM_FULL' });

  const message = {
    roomId,
    content: '\u0001'.repeat(limits.contentBytes),
    clientMessageId: 'm'.repeat(128),
    metadata: { a: '\u0001'.repeat((limits.metadataBytes - 8) / 6) },
  };
  const sent = succeeded(await owner.request('sendMessage', message));
  expect(bytesOf(sent)).toBeLessThanOrEqual(limits.answerBytes);
  await owner.until('its event', () => owner.idsOf(roomId).length === 1);
  const { roomId: _, ...body } = message;
  expect(await http.ask('POST', `/rooms/${roomId}/messages`, body)).toMatchObject({ deduplicated: true });

  const rooms = Object.fromEntries(
    longIds('room', limits.rooms).map((id) => [id, { id: 2 ** 53 - 1, rev: 2 ** 53 - 1 }]),
  );
  const resumed = succeeded(await owner.request('resume', { rooms }));
  expect(Object.keys(resumed.data.rooms)).toHaveLength(limits.rooms);
  expect(bytesOf(resumed)).toBeLessThanOrEqual(limits.answerBytes);

  expect(await owner.refused('sendMessage', { ...message, content: 'x'.repeat(limits.eventBytes) })).toMatchObject({
    code: 'MESSAGE_TOO_LARGE',
    outcome: 'rejected',
  });
  expect(owner.socket.connected).toBe(true);
});
