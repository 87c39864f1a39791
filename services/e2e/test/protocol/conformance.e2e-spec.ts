import type { ChatMessage, ChatRoom, MessageStatusUpdate, wire } from '@parlance/proto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChatClient } from '../../src/clients/chat-client.js';
import { GrpcCaller } from '../../src/clients/grpc-caller.js';
import { signToken } from '../../src/clients/sign-token.js';
import { type Deployment, startDeployment } from '../../src/deployment/start-deployment.js';

/** docs/protocol.md, row by row, against the running stack, with a plain Socket.IO client. */
let parlance: Deployment;
const open: ChatClient[] = [];
beforeAll(async () => {
  parlance = await startDeployment({ mongo: 'shared', gateways: 2, chatServices: 2 });
});
afterAll(async () => {
  for (const client of open) client.close();
  await parlance[Symbol.asyncDispose]();
});

let people = 0;

/** Fresh users, each connected to one of the two gateways in turn. */
async function connect(...names: string[]): Promise<ChatClient[]> {
  const clients = await Promise.all(
    names.map((name) => ChatClient.connect(parlance.gateways[people++ % 2]?.url ?? '', `${name}-${people}`)),
  );
  open.push(...clients);
  return clients;
}

/** A group of the first client with the others in it, known to all of them. */
async function group(owner: ChatClient, others: readonly ChatClient[], more: object = {}): Promise<ChatRoom> {
  const participants = others.map(({ userId }) => userId);
  const room = await owner.ask('createRoom', { roomType: 'group', participants, ...more });
  for (const client of [owner, ...others])
    await client.until('the room', () => joined(client, room.roomId, client.userId));
  return room;
}

function eventsOf(client: ChatClient, name: string): Record<string, unknown>[] {
  return client.events.filter((event) => event.name === name).map(({ payload }) => payload as Record<string, unknown>);
}

function joined(client: ChatClient, roomId: string, userId: string): boolean {
  return eventsOf(client, 'roomJoined').some(
    (event) => event['roomId'] === roomId && (event['userIds'] as readonly string[]).includes(userId),
  );
}

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

describe('the envelope', () => {
  it('of success has data and an ISO timestamp, of failure a code, a text, retryable and outcome', async () => {
    const [ann] = (await connect('ann')) as [ChatClient];
    expect(await ann.request('listRooms', {})).toEqual({
      success: true,
      data: [],
      hasMore: false,
      timestamp: expect.stringMatching(isoTime),
    });
    expect(await ann.request('joinRoom', { roomId: 'nowhere' })).toEqual({
      success: false,
      error: { code: 'ROOM_NOT_FOUND', message: expect.any(String), retryable: false, outcome: 'rejected' },
      timestamp: expect.stringMatching(isoTime),
    });
  });
});

describe('ready', () => {
  it('is the first event and names the rooms with heads, marks and limits', async () => {
    const [ann, bob] = (await connect('ann', 'bob')) as [ChatClient, ChatClient];
    const { roomId, createdAt } = await group(ann, [bob]);
    await ann.ask('sendMessage', { roomId, content: 'one' });
    const again = await ChatClient.connect(parlance.gateways[0]?.url ?? '', bob.userId);
    open.push(again);
    expect(again.events[0]?.name).toBe('ready');
    expect(again.ready).toEqual({
      userId: bob.userId,
      serverTime: expect.any(Number),
      protocolVersion: 1,
      rooms: [{ roomId, head: 1, rev: 0, epoch: createdAt, readUpTo: 0, deliveredUpTo: 0 }],
      limits: { contentBytes: 16_384, metadataBytes: 8_192, eventBytes: 262_144, pageItems: 200 },
    });
  });
});

describe('sendMessage and newMessage', () => {
  it('carry every field of a ChatMessage, to every socket of every participant', async () => {
    const [ann, bob] = (await connect('ann', 'bob')) as [ChatClient, ChatClient];
    const phone = await ChatClient.connect(parlance.gateways[1]?.url ?? '', ann.userId);
    open.push(phone);
    const { roomId, createdAt } = await group(ann, [bob]);
    const metadata = {
      attachments: [{ objectId: 'o-1', name: 'cat.png', mimeType: 'image/png', sizeBytes: 5, width: 2, height: 1 }],
    };
    const ack = await ann.ask('sendMessage', {
      roomId,
      content: '',
      messageType: 'image',
      clientMessageId: 'c-1',
      metadata,
    });
    const message: ChatMessage = {
      messageId: 1,
      roomId,
      senderId: ann.userId,
      content: '',
      timestamp: expect.any(Number) as number,
      monthYear: expect.stringMatching(/^\d{4}-\d\d$/) as string,
      status: 'sent',
      deliveredTo: [],
      readBy: [],
      messageType: 'image',
      clientMessageId: 'c-1',
      metadata,
    };
    expect(ack).toEqual({ ...message, deduplicated: false, epoch: createdAt });
    for (const client of [ann, phone, bob]) {
      await client.until('the message', () => client.idsOf(roomId).length === 1);
      expect(client.messages.at(-1)).toEqual(message);
    }
  });

  it('answers IDEMPOTENCY_CONFLICT for another body under the same id', async () => {
    const [ann, bob] = (await connect('ann', 'bob')) as [ChatClient, ChatClient];
    const { roomId } = await group(ann, [bob]);
    await ann.ask('sendMessage', { roomId, content: 'a', clientMessageId: 'same' });
    expect(await ann.refused('sendMessage', { roomId, content: 'b', clientMessageId: 'same' })).toMatchObject({
      code: 'IDEMPOTENCY_CONFLICT',
    });
  });

  it('answer a retry on the other gateway with the first message, and another body with a conflict', async () => {
    const [one, two] = parlance.gateways.map(({ url }) => url);
    const user = 'sends-by-both';
    const [here, there] = await Promise.all([ChatClient.connect(one ?? '', user), ChatClient.connect(two ?? '', user)]);
    open.push(here, there);
    const { roomId } = await here.ask('createRoom', { roomType: 'group', participants: ['bob'] });
    const message = { roomId, content: 'only once', clientMessageId: 'c-1', metadata: { a: 1 } };
    const { deduplicated, ...stored } = await here.ask('sendMessage', message);
    expect(deduplicated).toBe(false);
    for (const client of [here, there]) {
      expect(await client.ask('sendMessage', message)).toEqual({ ...stored, deduplicated: true });
      expect(await client.refused('sendMessage', { ...message, content: 'twice' })).toMatchObject({
        code: 'IDEMPOTENCY_CONFLICT',
        retryable: false,
        outcome: 'rejected',
      });
    }
    expect(await there.ask('getHistory', { roomId })).toHaveLength(1);
  });
});

describe('getHistory', () => {
  it('pages by id, in both directions and from a date, and cuts a page at 256 KiB', async () => {
    const [ann, bob] = (await connect('ann', 'bob')) as [ChatClient, ChatClient];
    const { roomId } = await group(ann, [bob]);
    const acks = [];
    for (let index = 1; index <= 7; index++) acks.push(await ann.ask('sendMessage', { roomId, content: `${index}` }));
    const ids = async (position: object) => {
      const page = await bob.request('getHistory', { roomId, limit: 3, ...position });
      return page.success ? [page.data.map(({ messageId }) => messageId), page.hasMore] : page.error.code;
    };
    expect(await ids({})).toEqual([[5, 6, 7], true]);
    expect(await ids({ beforeId: 3 })).toEqual([[1, 2], false]);
    expect(await ids({ afterId: 2 })).toEqual([[3, 4, 5], true]);
    expect(await ids({ afterId: 7 })).toEqual([[], false]);
    expect(await ids({ fromDate: 0 })).toEqual([[1, 2, 3], true]);
    expect(await ids({ fromDate: new Date((acks[6]?.timestamp ?? 0) + 60_000).toISOString() })).toEqual([[], false]);
    const big = await group(ann, [bob]);
    for (let index = 0; index < 20; index++)
      await ann.ask('sendMessage', { roomId: big.roomId, content: 'x'.repeat(16_384) });
    const page = await bob.request('getHistory', { roomId: big.roomId, limit: 200 });
    expect(page).toMatchObject({ success: true, hasMore: true });
    expect(page.success && page.data.length).toBe(15);
  });
});

describe('joinRoom and leaveRoom', () => {
  it('change the membership for good and are told to everyone', async () => {
    const [ann, bob, cy] = (await connect('ann', 'bob', 'cy')) as [ChatClient, ChatClient, ChatClient];
    const { roomId } = await group(ann, [bob], { joinRule: 'open' });
    expect(await cy.refused('getHistory', { roomId })).toMatchObject({ code: 'NOT_A_PARTICIPANT' });
    const room = await cy.ask('joinRoom', { roomId });
    expect(room).toMatchObject({ roomId, role: 'participant', rev: 1, memberRev: 2, head: 0, unreadCount: 0 });
    await bob.until('the joining', () => joined(bob, roomId, cy.userId));
    expect(eventsOf(bob, 'roomJoined').at(-1)).toEqual({
      roomId,
      userIds: [cy.userId],
      userCount: 1,
      rev: 1,
      timestamp: expect.any(Number),
    });
    await cy.ask('leaveRoom', { roomId });
    await bob.until('the leaving', () => eventsOf(bob, 'roomLeft').some((event) => event['userId'] === cy.userId));
    expect(eventsOf(bob, 'roomLeft').at(-1)).toEqual({
      roomId,
      userId: cy.userId,
      rev: 2,
      timestamp: expect.any(Number),
    });
    expect(await cy.refused('sendMessage', { roomId, content: 'x' })).toMatchObject({ code: 'NOT_A_PARTICIPANT' });
  });

  it('do not let a 1v1 be left', async () => {
    const [ann] = (await connect('ann')) as [ChatClient];
    const { roomId } = await ann.ask('createRoom', { roomType: '1v1', participants: ['somebody'] });
    expect(await ann.refused('leaveRoom', { roomId })).toMatchObject({ code: 'PERMISSION_DENIED' });
  });
});

describe('createRoom', () => {
  it('answers every field of a ChatRoom', async () => {
    const [ann] = (await connect('ann')) as [ChatClient];
    const metadata = { name: 'Lunch', description: 'Where to', avatar: 'https://example.org/a.png' };
    const room = await ann.ask('createRoom', {
      roomType: 'group',
      participants: ['zoe'],
      metadata,
      historyVisibility: 'joined',
    });
    expect(room).toEqual({
      roomId: expect.any(String),
      roomType: 'group',
      participants: expect.arrayContaining([ann.userId, 'zoe']),
      participantCount: 2,
      createdAt: expect.any(Number),
      lastMessageAt: room.createdAt,
      metadata,
      head: 0,
      rev: 0,
      memberRev: 1,
      epoch: room.createdAt,
      joinRule: 'invite',
      historyVisibility: 'joined',
      role: 'owner',
      deliveredUpTo: 0,
      readUpTo: 0,
      unreadCount: 0,
    });
    expect(await ann.ask('listRooms', {})).toEqual([room]);
  });

  it('makes one room of 50 requests for a pair from two gateways', async () => {
    const [ann, bob] = (await connect('ann', 'bob')) as [ChatClient, ChatClient];
    const rooms = await Promise.all(
      Array.from({ length: 50 }, (_, index) => {
        const [me, other] = index % 2 ? [ann, bob] : [bob, ann];
        return me.ask('createRoom', { roomType: '1v1', participants: [other.userId] });
      }),
    );
    expect(new Set(rooms.map(({ roomId }) => roomId)).size).toBe(1);
  });

  it('answers ROOM_FULL beyond 1,000 participants', async () => {
    const [ann] = (await connect('ann')) as [ChatClient];
    const participants = Array.from({ length: 1_000 }, (_, index) => `m${index}`);
    expect(await ann.refused('createRoom', { roomType: 'group', participants })).toMatchObject({ code: 'ROOM_FULL' });
  });
});

describe('messageDelivered and messageRead', () => {
  it('are told to the room as "up to", move the status, and refuse ids beyond the newest', async () => {
    const [ann, bob] = (await connect('ann', 'bob')) as [ChatClient, ChatClient];
    const { roomId } = await group(ann, [bob]);
    for (const content of ['1', '2', '3']) await ann.ask('sendMessage', { roomId, content });
    expect(await bob.ask('messageDelivered', { roomId, messageId: 3 })).toEqual({ roomId, messageId: 3 });
    expect(await bob.ask('messageRead', { roomId, messageId: 2 })).toEqual({ roomId, messageId: 2 });
    await ann.until('both receipts', () => eventsOf(ann, 'messageStatusUpdate').length === 2);
    expect(eventsOf(ann, 'messageStatusUpdate')).toEqual([
      { roomId, messageId: 3, status: 'delivered', userId: bob.userId, timestamp: expect.any(Number) },
      {
        roomId,
        messageId: 2,
        status: 'read',
        userId: bob.userId,
        timestamp: expect.any(Number),
        readAt: expect.any(Number),
      },
    ]);
    await expect
      .poll(async () => (await ann.ask('getHistory', { roomId })).map(({ status }) => status))
      .toEqual(['read', 'read', 'delivered']);
    expect((await bob.ask('listRooms', {}))[0]).toMatchObject({ readUpTo: 2, deliveredUpTo: 3, unreadCount: 1 });
    expect(await bob.refused('messageRead', { roomId, messageId: 4 })).toMatchObject({ code: 'INVALID_MESSAGE' });
  });

  it('are told as one event when several participants report at once', async () => {
    const readers = await connect('r1', 'r2', 'r3', 'r4', 'r5');
    const [ann] = (await connect('ann')) as [ChatClient];
    const { roomId } = await group(ann, readers);
    await ann.ask('sendMessage', { roomId, content: '1' });
    // Whoever is first may be written at once; what comes meanwhile waits for the next write.
    await Promise.all(readers.map((reader) => reader.ask('messageRead', { roomId, messageId: 1 })));
    const told = () =>
      (eventsOf(ann, 'messageStatusUpdate') as unknown as MessageStatusUpdate[]).flatMap(
        ({ others = [], ...first }) => [
          { userId: first.userId, status: first.status, messageId: first.messageId },
          ...others,
        ],
      );
    await ann.until('all receipts', () => told().length === readers.length);
    const expected = readers.map(({ userId }) => ({ userId, status: 'read', messageId: 1 }));
    const byUser = (a: { userId: string }, b: { userId: string }): number => a.userId.localeCompare(b.userId);
    expect(told().toSorted(byUser)).toEqual(expected.toSorted(byUser));
    expect(eventsOf(ann, 'messageStatusUpdate').length).toBeLessThan(readers.length);
  });
});

describe('typing', () => {
  it('goes to the other participants only', async () => {
    const [ann, bob] = (await connect('ann', 'bob')) as [ChatClient, ChatClient];
    const { roomId } = await group(ann, [bob]);
    expect(await ann.ask('typing', { roomId, isTyping: true })).toEqual({});
    await bob.until('the typing', () => eventsOf(bob, 'typing').length === 1);
    expect(eventsOf(bob, 'typing')).toEqual([{ roomId, userId: ann.userId, isTyping: true }]);
    await ann.ask('sendMessage', { roomId, content: 'done' });
    await ann.until('the message', () => ann.idsOf(roomId).length === 1);
    expect(eventsOf(ann, 'typing')).toEqual([]);
  });
});

describe('updateRoom, addParticipants, removeParticipant and setRole', () => {
  it('do what owners and admins may, and tell the room', async () => {
    const [ann, bob, cy, dan] = (await connect('ann', 'bob', 'cy', 'dan')) as [
      ChatClient,
      ChatClient,
      ChatClient,
      ChatClient,
    ];
    const { roomId } = await group(ann, [bob, cy]);
    expect(await ann.ask('setRole', { roomId, userId: bob.userId, role: 'admin' })).toMatchObject({ rev: 1 });
    expect(await bob.ask('updateRoom', { roomId, metadata: { name: 'New' }, joinRule: 'open' })).toMatchObject({
      metadata: { name: 'New' },
      joinRule: 'open',
      role: 'admin',
    });
    await cy.until('the update', () => eventsOf(cy, 'roomUpdated').some((event) => event['rev'] === 2));
    expect(eventsOf(cy, 'roomUpdated').at(-1)).toMatchObject({
      roomId,
      metadata: { name: 'New' },
      joinRule: 'open',
      rev: 2,
    });
    const added = await bob.ask('addParticipants', { roomId, userIds: [dan.userId] });
    expect(added.participants).toContain(dan.userId);
    await dan.until('the room', () => joined(dan, roomId, dan.userId));
    await ann.ask('sendMessage', { roomId, content: 'welcome' });
    await dan.until('the message', () => dan.idsOf(roomId).length === 1);
    const left = await bob.ask('removeParticipant', { roomId, userId: dan.userId });
    expect(left.participants).not.toContain(dan.userId);
    expect(await cy.refused('removeParticipant', { roomId, userId: bob.userId })).toMatchObject({
      code: 'PERMISSION_DENIED',
    });
    expect(await bob.refused('setRole', { roomId, userId: cy.userId, role: 'admin' })).toMatchObject({
      code: 'PERMISSION_DENIED',
    });
    expect(await ann.refused('setRole', { roomId, userId: cy.userId, role: 'owner' })).toMatchObject({
      code: 'INVALID_MESSAGE',
    });
    expect(await ann.refused('removeParticipant', { roomId, userId: 'stranger' })).toMatchObject({
      code: 'INVALID_MESSAGE',
    });
  });

  it('send a removed participant with an open socket nothing after two seconds, on any gateway', async () => {
    const [ann, bob] = (await connect('ann', 'bob')) as [ChatClient, ChatClient];
    const { roomId } = await group(ann, [bob]);
    await ann.ask('removeParticipant', { roomId, userId: bob.userId });
    const removedAt = Date.now();
    const sent: { id: number; at: number }[] = [];
    while (Date.now() - removedAt < 3_000) {
      const { messageId } = await ann.ask('sendMessage', { roomId, content: 'secret' });
      sent.push({ id: messageId, at: Date.now() - removedAt });
      await ann.until('the message', () => ann.idsOf(roomId).at(-1) === messageId);
    }
    const late = sent.filter(({ at }) => at > 2_000).map(({ id }) => id);
    expect(late.length).toBeGreaterThan(0);
    expect(bob.idsOf(roomId).filter((id) => late.includes(id))).toEqual([]);
    expect(await bob.refused('getHistory', { roomId })).toMatchObject({ code: 'ROOM_NOT_FOUND' });
  });
});

describe('listParticipants', () => {
  it('shows every field of a participant, page by page, to participants only', async () => {
    const [ann, bob, cy] = (await connect('ann', 'bob', 'cy')) as [ChatClient, ChatClient, ChatClient];
    const { roomId, createdAt } = await group(ann, [bob]);
    await ann.ask('setRole', { roomId, userId: bob.userId, role: 'admin' });
    await bob.ask('sendMessage', { roomId, content: 'here' });
    const place = { joinedAt: createdAt, deliveredUpTo: 0, readUpTo: 0 };
    const page = await ann.request('listParticipants', { roomId, limit: 1 });
    expect(page).toEqual({
      success: true,
      data: [{ ...place, userId: ann.userId, role: 'owner' }],
      hasMore: true,
      cursor: ann.userId,
      timestamp: expect.stringMatching(isoTime),
    });
    await expect
      .poll(async () => (await ann.ask('listParticipants', { roomId, cursor: ann.userId }))[0])
      .toEqual({ ...place, userId: bob.userId, role: 'admin', deliveredUpTo: 1, readUpTo: 1 });
    expect(await cy.refused('listParticipants', { roomId })).toMatchObject({ code: 'ROOM_NOT_FOUND' });
    expect(await ann.refused('listParticipants', { roomId, limit: 201 })).toMatchObject({ code: 'INVALID_MESSAGE' });
  });
});

describe('resume', () => {
  it('gives exactly what was missed of messages and events, room by room', async () => {
    const [ann, bob] = (await connect('ann', 'bob')) as [ChatClient, ChatClient];
    const one = await group(ann, [bob]);
    const two = await group(ann, [bob]);
    for (const content of ['1', '2', '3']) await ann.ask('sendMessage', { roomId: one.roomId, content });
    await ann.ask('updateRoom', { roomId: one.roomId, metadata: { name: 'Renamed' } });
    const { rooms } = await bob.ask('resume', {
      rooms: { [one.roomId]: { id: 1, rev: 0 }, [two.roomId]: 0, nowhere: 5 },
    });
    expect(rooms[one.roomId]).toMatchObject({
      messages: [{ messageId: 2 }, { messageId: 3 }],
      events: [{ rev: 1, kind: 'updated', by: ann.userId, metadata: { name: 'Renamed' } }],
      head: 3,
      rev: 1,
      hasMore: false,
      deliveredUpTo: 0,
      readUpTo: 0,
    });
    expect(rooms[two.roomId]).toMatchObject({ messages: [], events: [], head: 0, rev: 0, hasMore: false });
    expect(rooms['nowhere']).toMatchObject({ error: { code: 'ROOM_NOT_FOUND' } });
  });

  it('says truncated, with the first message there is to see, instead of a silent gap', async () => {
    const [ann, bob] = (await connect('ann', 'bob')) as [ChatClient, ChatClient];
    const { roomId, createdAt } = await group(ann, [], { joinRule: 'open', historyVisibility: 'joined' });
    for (const content of ['1', '2', '3']) await ann.ask('sendMessage', { roomId, content });
    await bob.ask('joinRoom', { roomId });
    const { rooms } = await bob.ask('resume', { rooms: { [roomId]: 0 } });
    expect(rooms[roomId]).toEqual({
      truncated: true,
      firstAvailableId: 4,
      head: 3,
      rev: expect.any(Number),
      epoch: createdAt,
    });
    expect(await bob.request('getHistory', { roomId, afterId: 0 })).toMatchObject({
      success: true,
      data: [],
      truncated: true,
      firstAvailableId: 4,
    });
  });
});

describe('refreshToken and the life of a token', () => {
  it('keeps a connection beyond the end of its first token, and only for the same user', async () => {
    const userId = 'short-lived';
    const token = signToken(userId, { expiresIn: 3 });
    const client = await ChatClient.connect(parlance.gateways[0]?.url ?? '', userId, { token });
    const left = await ChatClient.connect(parlance.gateways[0]?.url ?? '', userId, { token });
    open.push(client, left);
    expect(await client.refused('refreshToken', { token: signToken('somebody-else') })).toMatchObject({
      code: 'UNAUTHENTICATED',
    });
    expect(await client.ask('refreshToken', { token: signToken(userId) })).toEqual({
      expiresAt: expect.stringMatching(isoTime),
    });
    await new Promise((resolve) => left.socket.once('disconnect', resolve));
    expect(eventsOf(left, 'exception').at(-1)).toMatchObject({ error: { code: 'TOKEN_EXPIRED' } });
    expect((await client.request('listRooms', {})).success).toBe(true);
  });
});

describe('system messages', () => {
  it('come from a backend by gRPC to every client, in order and once, also to one that was away', async () => {
    const [ann, bob] = (await connect('ann', 'bob')) as [ChatClient, ChatClient];
    const { roomId, createdAt } = await group(ann, [bob]);
    // The two backends call different chat services.
    const backends = parlance.chatServices.map(({ port }) => new GrpcCaller(port));
    const said = { roomId, content: 'Bob joined the project', senderId: 'system:projects', clientMessageId: 'joined' };
    await ann.ask('sendMessage', { roomId, content: 'Welcome' });
    const answers = await Promise.all(
      backends.map((backend) => backend.call<wire.SendSystemMessageResponse>('sendSystemMessage', said)),
    );
    expect(answers.map(({ message }) => message?.messageId)).toEqual([2, 2]);
    expect(answers.filter(({ deduplicated }) => !deduplicated)).toHaveLength(1);
    await bob.ask('sendMessage', { roomId, content: 'Thanks' });
    const message: ChatMessage = {
      messageId: 2,
      roomId,
      senderId: 'system:projects',
      content: said.content,
      timestamp: expect.any(Number) as number,
      monthYear: expect.stringMatching(/^\d{4}-\d\d$/) as string,
      status: 'sent',
      deliveredTo: [],
      readBy: [],
      messageType: 'system',
      clientMessageId: 'joined',
    };
    for (const client of [ann, bob]) {
      await client.until('all three', () => client.idsOf(roomId).length === 3);
      expect(client.idsOf(roomId)).toEqual([1, 2, 3]);
      expect(client.messages.find(({ messageId, roomId: of }) => of === roomId && messageId === 2)).toEqual(message);
      const rooms = { [roomId]: { id: 1, rev: 0, epoch: createdAt } };
      const resumed = (await client.ask('resume', { rooms })).rooms[roomId];
      expect(resumed).toMatchObject({ head: 3, messages: [{ messageId: 2, messageType: 'system' }, { messageId: 3 }] });
    }
    const late = await ChatClient.connect(parlance.gateways[0]?.url ?? '', ann.userId);
    open.push(late);
    expect(late.ready.rooms).toMatchObject([{ roomId, head: 3, readUpTo: 1 }]);
    const [listed] = await late.ask('listRooms', {});
    expect(listed).toMatchObject({
      roomId,
      head: 3,
      unreadCount: 2,
      participants: expect.not.arrayContaining(['system:projects']),
    });
    expect((await late.ask('getHistory', { roomId })).map(({ senderId }) => senderId)).toEqual([
      ann.userId,
      'system:projects',
      bob.userId,
    ]);
    for (const client of [ann, bob]) await client.ask('messageRead', { roomId, messageId: 3 });
    const [, read] = await late.ask('getHistory', { roomId });
    expect(read).toMatchObject({
      status: 'read',
      readBy: expect.toSatisfy((readers: object[]) => readers.length === 2),
    });
    for (const backend of backends) backend.close();
  });

  it('are none of a user: neither by the type nor by the name', async () => {
    const [ann, bob] = (await connect('ann', 'bob')) as [ChatClient, ChatClient];
    const { roomId } = await group(ann, [bob]);
    expect(await ann.refused('sendMessage', { roomId, content: 'x', messageType: 'system' })).toMatchObject({
      code: 'INVALID_MESSAGE',
      message: expect.stringContaining('System messages'),
      outcome: 'rejected',
    });
    for (const name of ['system', 'system:projects', 'parlance:audit']) {
      await expect(ChatClient.connect(parlance.gateways[0]?.url ?? '', name), name).rejects.toMatchObject({
        data: { code: 'UNAUTHENTICATED', message: expect.stringContaining('reserved') },
      });
      for (const [event, payload] of [
        ['createRoom', { roomType: '1v1', participants: [name] }],
        ['addParticipants', { roomId, userIds: [name] }],
      ] as const)
        expect(await ann.refused(event, payload), event).toMatchObject({ code: 'INVALID_MESSAGE' });
    }
  });
});

describe('revocation', () => {
  const revoke = async (userId: string, token: string) => {
    const url = `${parlance.gateways[1]?.url}/api/v1/admin/users/${userId}/revoke`;
    const response = await fetch(url, { method: 'POST', headers: { authorization: `Bearer ${token}` } });
    return { status: response.status, body: await response.json() };
  };

  it('closes the live sockets of a user within two seconds and refuses the old tokens, on every gateway', async () => {
    const token = signToken('mallory');
    const sockets = await Promise.all(
      parlance.gateways.map(({ url }) => ChatClient.connect(url, 'mallory', { token })),
    );
    open.push(...sockets);
    const closed = Promise.all(
      sockets.map(({ socket }) => new Promise((resolve) => socket.once('disconnect', () => resolve(Date.now())))),
    );
    expect(await revoke('mallory', signToken('root'))).toMatchObject({
      status: 403,
      body: { error: { code: 'PERMISSION_DENIED' } },
    });
    expect(await revoke('mallory', signToken('root', { scope: 'admin' }))).toMatchObject({
      status: 200,
      body: { success: true, data: { userId: 'mallory', revokedBefore: expect.stringMatching(isoTime) } },
    });
    const revokedAt = Date.now();
    for (const at of (await closed) as number[]) expect(at - revokedAt).toBeLessThanOrEqual(2_000);
    for (const { url } of parlance.gateways) {
      await expect(ChatClient.connect(url, 'mallory', { token })).rejects.toMatchObject({
        data: { code: 'UNAUTHENTICATED' },
      });
    }
  });
});

describe('limits', () => {
  let limited: Deployment;
  beforeAll(async () => {
    limited = await startDeployment({
      mongo: 'shared',
      env: {
        MAX_CONNECTIONS_PER_USER: '2',
        SEND_PER_USER_PER_SECOND: '5',
        SEND_PER_USER_BURST: '20',
        SEND_PER_ROOM_PER_SECOND: '50',
        SEND_PER_ROOM_BURST: '200',
      },
    });
  });
  afterAll(() => limited[Symbol.asyncDispose]());

  it('answer TOO_MANY_CONNECTIONS to one connection too many', async () => {
    const url = limited.gateways[0]?.url ?? '';
    const kept = [await ChatClient.connect(url, 'ann'), await ChatClient.connect(url, 'ann')];
    await expect(ChatClient.connect(url, 'ann')).rejects.toMatchObject({
      data: { code: 'TOO_MANY_CONNECTIONS', retryable: true },
    });
    (await ChatClient.connect(url, 'bob')).close();
    for (const client of kept) client.close();
  });

  it('answer RATE_LIMITED with an honest time to wait', async () => {
    const cy = await ChatClient.connect(limited.gateways[0]?.url ?? '', 'cy');
    const { roomId } = await cy.ask('createRoom', { roomType: 'group', participants: ['dan'] });
    const acks = await Promise.all(
      Array.from({ length: 40 }, (_, index) => cy.request('sendMessage', { roomId, content: `${index}` })),
    );
    const refused = acks.flatMap((ack) => (ack.success ? [] : [ack.error]));
    expect(refused.length).toBeGreaterThanOrEqual(15);
    expect(refused[0]).toMatchObject({ code: 'RATE_LIMITED', retryable: true, outcome: 'rejected' });
    const wait = Math.max(...refused.map(({ retryAfterMs }) => retryAfterMs ?? 0));
    expect(wait).toBeGreaterThan(0);
    await new Promise((resolve) => setTimeout(resolve, wait));
    expect((await cy.request('sendMessage', { roomId, content: 'after the wait' })).success).toBe(true);
    cy.close();
  });
});
