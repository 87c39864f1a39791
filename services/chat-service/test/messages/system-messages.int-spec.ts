import type { wire } from '@parlance/proto';
import { describe, expect, it } from 'vitest';
import { newRoom } from '../fixtures/new-room.js';
import { sharePods } from '../fixtures/share-pods.js';
import { as, type Pods } from '../fixtures/start-pods.js';

let servers: Pods;
sharePods((pods) => (servers = pods));

const joined = { content: 'Bob joined the project', senderId: '', clientMessageId: '', metadataJson: '' };

/** Says something by nobody: no caller is named, as a backend does it. */
function say(roomId: string, more: Partial<wire.SendSystemMessageRequest> = {}, pod: 0 | 1 = 0) {
  return servers.pods[pod].operations.sendSystemMessage(as(''), { ...joined, roomId, ...more });
}

function send(user: string, roomId: string, content: string, more: Partial<wire.SendMessageRequest> = {}) {
  const request = { roomId, content, messageType: '', clientMessageId: '', metadataJson: '', ...more };
  return servers.pods[0].operations.sendMessage(as(user), request);
}

async function roomOf(user: string, roomId: string) {
  return (await servers.pods[0].operations.getRoom(as(user), { roomId })).room;
}

async function history(user: string, roomId: string, pod: 0 | 1 = 1) {
  return (await servers.pods[pod].operations.getMessageHistory(as(user), { roomId, limit: 0, afterId: 0 })).messages;
}

describe('a system message', () => {
  it('stands in the log of a 1v1 of two others, in its place, for both of them', async () => {
    const pair = { roomType: '1v1', participants: ['dora'], metadata: undefined, joinRule: '', historyVisibility: '' };
    const { room } = await servers.pods[0].operations.createRoom(as('carl'), pair);
    const roomId = room?.roomId ?? '';
    await send('carl', roomId, 'one');
    const { message, deduplicated, epoch } = await say(roomId, { metadataJson: '{"event":"joined"}' });
    expect(message).toMatchObject({
      messageId: 2,
      roomId,
      senderId: 'system',
      messageType: 'system',
      content: joined.content,
      metadataJson: '{"event":"joined"}',
      status: 'sent',
    });
    expect(deduplicated).toBe(false);
    await send('dora', roomId, 'three');
    for (const user of ['carl', 'dora']) {
      const said = (await history(user, roomId)).map(({ senderId, messageType }) => `${senderId} ${messageType}`);
      expect(said).toEqual(['carl text', 'system system', 'dora text']);
      const asked = { rooms: [{ roomId, messageId: 1, rev: 0, epoch }] };
      const { rooms } = await servers.pods[1].operations.resume(as(user), asked);
      expect(rooms[0]?.messages.map(({ messageId }) => messageId)).toEqual([2, 3]);
    }
    expect(await roomOf('carl', roomId)).toMatchObject({ head: 3, participants: ['carl', 'dora'] });
  });

  it('is stored once for a sender and a client id, by whichever pods it is sent', async () => {
    const roomId = await newRoom(servers.pods[0]);
    const named = { senderId: 'system:crm', clientMessageId: 'joined-bob' };
    const both = await Promise.all([say(roomId, named), say(roomId, named, 1)]);
    expect(both.map(({ message }) => message?.messageId)).toEqual([1, 1]);
    expect(both.filter(({ deduplicated }) => deduplicated)).toHaveLength(1);
    expect(await say(roomId, named, 1)).toMatchObject({ deduplicated: true, message: { messageId: 1 } });
    await expect(say(roomId, { ...named, content: 'Eve joined' })).rejects.toMatchObject({
      reason: 'IDEMPOTENCY_CONFLICT',
    });
    // The same name of another sender, or of a user, is another message.
    expect(await say(roomId, { ...named, senderId: 'system:billing' })).toMatchObject({ message: { messageId: 2 } });
    const own = await send('ann', roomId, joined.content, { clientMessageId: named.clientMessageId });
    expect(own).toMatchObject({ deduplicated: false, message: { messageId: 3 } });
  });

  it('keeps the order of the calls, between those of users', async () => {
    const roomId = await newRoom(servers.pods[0]);
    await send('ann', roomId, '0');
    const sends = Array.from({ length: 30 }, (_, index) =>
      index % 3 === 0 ? say(roomId, { content: `${index + 1}` }) : send('ann', roomId, `${index + 1}`),
    );
    await Promise.all(sends);
    const said = await history('bob', roomId);
    expect(said.map(({ content }) => Number(content))).toEqual(Array.from({ length: 31 }, (_, index) => index));
  });

  it('is unread for everybody and read by participants alone: its sender has no marks', async () => {
    const { operations, mongo } = servers.pods[0];
    const roomId = await newRoom(servers.pods[0]);
    await send('ann', roomId, 'one');
    await say(roomId);
    expect([await roomOf('ann', roomId), await roomOf('bob', roomId)]).toMatchObject([
      { unreadCount: 1 },
      { unreadCount: 2 },
    ]);
    await operations.markMessageRead(as('ann'), { roomId, messageId: 2 });
    expect((await history('ann', roomId, 0)).at(-1)).toMatchObject({ status: 'sent', deliveredTo: ['ann'] });
    await operations.markMessageDelivered(as('bob'), { roomId, messageId: 2 });
    expect((await history('ann', roomId, 0)).at(-1)?.status).toBe('delivered');
    await operations.markMessageRead(as('bob'), { roomId, messageId: 2 });
    const [, said] = await history('ann', roomId, 0);
    expect(said?.status).toBe('read');
    expect(said?.readBy.map(({ userId }) => userId).toSorted()).toEqual(['ann', 'bob']);
    expect(await mongo.database.participants.distinct('userId', { roomId })).toEqual(['ann', 'bob']);
  });

  it('moves the room to the top of the list', async () => {
    const [first, second] = [await newRoom(servers.pods[0]), await newRoom(servers.pods[0])];
    for (const roomId of [first, second]) await send('ann', roomId, 'one');
    const { message } = await say(first);
    const { rooms } = await servers.pods[0].operations.listRooms(as('ann'), { cursor: '', limit: 2 });
    expect(rooms.map(({ roomId }) => roomId)).toEqual([first, second]);
    expect(rooms[0]).toMatchObject({ head: 2, lastMessageAt: message?.timestamp });
  });
});

describe('it is refused', () => {
  it.each<[what: string, more: Partial<wire.SendSystemMessageRequest>, reason: string]>([
    ['in the name of a user', { senderId: 'ann' }, 'INVALID_MESSAGE'],
    ['in the name of a job', { senderId: 'parlance:audit' }, 'INVALID_MESSAGE'],
    ['without a name behind the colon', { senderId: 'system:' }, 'INVALID_MESSAGE'],
    ['with a name that is no id', { senderId: 'system:a b' }, 'INVALID_MESSAGE'],
    ['without anything said', { content: '' }, 'INVALID_MESSAGE'],
    ['with half a character', { content: '\ud83d' }, 'INVALID_MESSAGE'],
    ['with metadata that is no object', { metadataJson: '[]' }, 'INVALID_MESSAGE'],
    ['above the limit', { content: 'x'.repeat(16_385) }, 'MESSAGE_TOO_LARGE'],
    ['into a room that is not there', { roomId: 'nowhere' }, 'ROOM_NOT_FOUND'],
  ])('%s', async (_what, more, reason) => {
    const roomId = await newRoom(servers.pods[0]);
    await expect(say(roomId, more)).rejects.toMatchObject({ reason, outcome: 'rejected' });
    expect(await history('ann', roomId)).toEqual([]);
  });

  it('as a message of a user, also of the owner', async () => {
    const roomId = await newRoom(servers.pods[0]);
    await expect(send('ann', roomId, 'Bob joined', { messageType: 'system' })).rejects.toMatchObject({
      reason: 'INVALID_MESSAGE',
      message: expect.stringContaining('SendSystemMessage'),
    });
  });

  it.each(['system', 'system:crm', 'parlance:audit'])('that %s is a participant', async (id) => {
    const { operations } = servers.pods[0];
    const roomId = await newRoom(servers.pods[0]);
    const refused = { reason: 'INVALID_MESSAGE', message: expect.stringContaining('reserved') };
    await expect(newRoom(servers.pods[0], { participants: [id] })).rejects.toMatchObject(refused);
    await expect(operations.addParticipants(as('ann'), { roomId, userIds: ['cy', id] })).rejects.toMatchObject(refused);
    expect((await roomOf('ann', roomId))?.participants.toSorted()).toEqual(['ann', 'bob']);
  });
});
