import { describe, expect, it } from 'vitest';
import { settled } from '../../test/fakes/fake-clock.js';
import { failure } from '../../test/fakes/fake-gateway.js';
import { connected, fakeStack } from '../../test/fakes/fake-stack.js';

describe('the rooms', () => {
  it('are all loaded after the first ready, over as many pages as there are, each with its last message', async () => {
    const { client, gateway, clock } = fakeStack();
    for (let index = 0; index < 250; index++)
      gateway.addRoom(`r${index}`).append('ann', `last of ${index}`, `c${index}`);
    await client.connect();
    await clock.pass(0);
    expect(client.rooms.size).toBe(250);
    expect(client.room('r249')?.lastMessage?.content).toBe('last of 249');
    expect(gateway.requestsOf('listRooms').length).toBe(2);
    expect(gateway.requestsOf('resume').every(({ rooms }) => Object.keys(rooms).length <= 50)).toBe(true);
  });

  it('are asked for again at once when they had no place in an answer, until all have come', async () => {
    const { client, gateway, clock } = fakeStack();
    for (let index = 0; index < 20; index++)
      gateway.addRoom(`r${index}`).append('ann', `last of ${index}`, `c${index}`);
    gateway.resumeMessages = 3;
    await client.connect();
    await clock.pass(0);
    expect([...client.rooms.values()].map(({ lastMessage }) => lastMessage?.content)).toEqual(
      Array.from({ length: 20 }, (_, index) => `last of ${index}`),
    );
    expect(gateway.requestsOf('resume')).toHaveLength(8);
  });

  it('name some of many participants until somebody looks, and count all of them', async () => {
    const { client, gateway, clock } = fakeStack();
    const others = Array.from({ length: 30 }, (_, index) => `u${index}`);
    const room = gateway.addRoom('r', ['ann', ...others, 'me']);
    await client.connect();
    await clock.pass(0);
    expect(client.room('r')?.room).toMatchObject({ participantCount: 32 });
    expect(client.room('r')?.room.participants).toHaveLength(20);
    expect(client.room('r')?.room.participants).toContain('me');
    gateway.emit('roomLeft', {
      roomId: 'r',
      userId: 'u29',
      rev: room.change({ kind: 'left', userId: 'u29' }).rev,
      timestamp: 1,
    });
    gateway.emit('roomJoined', {
      roomId: 'r',
      userIds: ['x'],
      userCount: 1,
      rev: room.change({ kind: 'joined', userId: 'x' }).rev,
      timestamp: 1,
    });
    gateway.emit('roomLeft', {
      roomId: 'r',
      userId: 'u1',
      rev: room.change({ kind: 'left', userId: 'u1' }).rev,
      timestamp: 1,
    });
    expect(client.room('r')?.room).toMatchObject({ participantCount: 31 });
    expect(gateway.requestsOf('joinRoom')).toHaveLength(0);
    const close = client.open('r');
    await clock.pass(0);
    expect(client.room('r')?.room.participants.toSorted()).toEqual(room.participants.toSorted());
    expect(client.room('r')?.room.participantCount).toBe(31);
    expect(gateway.requestsOf('joinRoom')).toHaveLength(1);
    close();
  });

  it('tell their participants page by page, with roles and marks', async () => {
    const { client, gateway } = fakeStack();
    gateway.addRoom('r', ['me', 'ann', 'ben']).append('ann', 'hello', 'c1');
    await client.connect();
    const first = await client.listParticipants('r', { limit: 2 });
    expect(first).toEqual({
      participants: [
        { userId: 'ann', role: 'participant', joinedAt: 1, deliveredUpTo: 1, readUpTo: 1 },
        { userId: 'ben', role: 'participant', joinedAt: 1, deliveredUpTo: 0, readUpTo: 0 },
      ],
      cursor: 'ben',
    });
    const { participants, ...rest } = await client.listParticipants('r', { cursor: first.cursor ?? '', limit: 2 });
    expect([participants.map(({ userId }) => userId), rest]).toEqual([['me'], {}]);
    await expect(client.listParticipants('nowhere')).rejects.toMatchObject({ code: 'ROOM_NOT_FOUND' });
  });

  it('show a new snapshot after a change, and the same one otherwise', async () => {
    const { client, gateway } = await connected();
    const before = client.room('r');
    const all = client.rooms;
    expect(client.room('r')).toBe(before);
    expect(client.rooms).toBe(all);
    gateway.post('r', 'ann', 'hello');
    expect(client.room('r')).not.toBe(before);
    expect(client.rooms.get('r')).toBe(client.room('r'));
    expect(before?.messages).toEqual([]);
  });

  it('come with the first message of one that is not known, and that message is told', async () => {
    const { client, gateway, clock } = await connected();
    const told: string[] = [];
    client.on('message', ({ content }) => told.push(content));
    gateway.addRoom('new', ['me', 'bob']);
    gateway.post('new', 'bob', 'first');
    gateway.post('new', 'bob', 'second');
    await clock.pass(0);
    expect(client.room('new')?.messages.map(({ content }) => content)).toEqual(['first', 'second']);
    expect(told).toEqual(['first', 'second']);
  });

  it('are listed at a random time when a thousand people were let in at once, and not before for a message', async () => {
    const { client, gateway, clock } = await connected();
    const listed = () => gateway.requestsOf('listRooms').length;
    gateway.addRoom('new', ['me', 'bob']);
    gateway.emit('roomJoined', { roomId: 'new', userIds: ['bob'], userCount: 1_000, rev: 0, timestamp: 1 });
    gateway.post('new', 'bob', 'first');
    await clock.pass(10);
    expect(listed()).toBe(1);
    await clock.pass(5_000);
    expect(listed()).toBe(2);
    expect(client.room('new')?.messages.map(({ content }) => content)).toEqual(['first']);
  });

  it('count all who joined at once as known, without asking', async () => {
    const { client, gateway, clock } = await connected();
    const before = gateway.requests.length;
    const userIds = Array.from({ length: 500 }, (_, index) => `user-${index}`);
    for (const userId of userIds) gateway.rooms.get('r')?.change({ kind: 'joined', userId });
    gateway.emit('roomJoined', { roomId: 'r', userIds, userCount: 500, rev: 500, timestamp: 1 });
    await clock.pass(5_000);
    expect(client.room('r')?.room.participants).toEqual(expect.arrayContaining(userIds));
    expect(gateway.requests.length).toBe(before);
  });

  it('tell nothing of messages that were there before they were loaded', async () => {
    const { client, gateway, clock } = fakeStack();
    gateway.addRoom('r').append('ann', 'old', 'c');
    const told: string[] = [];
    client.on('message', ({ content }) => told.push(content));
    await client.connect();
    await clock.pass(0);
    gateway.post('r', 'ann', 'new');
    expect(client.room('r')?.messages.map(({ content }) => content)).toEqual(['old', 'new']);
    expect(told).toEqual(['new']);
  });

  it('are listed again after a reconnect only when there is one that is not known', async () => {
    const { client, gateway, clock } = await connected();
    gateway.cut();
    await clock.pass(1_000);
    expect(gateway.requestsOf('listRooms').length).toBe(1);
    gateway.cut();
    gateway.addRoom('new');
    await clock.pass(1_000);
    expect(gateway.requestsOf('listRooms').length).toBe(2);
    expect(client.room('new')).toBeDefined();
  });

  it('lose one that the user was removed from, live or while away', async () => {
    const { client, gateway, clock } = await connected();
    gateway.addRoom('other');
    gateway.post('other', 'ann', 'hi');
    await clock.pass(0);
    const { rev, timestamp } = gateway.rooms.get('r')?.change({ kind: 'left', userId: 'me' }) ?? {
      rev: 0,
      timestamp: 0,
    };
    gateway.emit('roomLeft', { roomId: 'r', userId: 'me', rev, timestamp });
    expect([...client.rooms.keys()]).toEqual(['other']);
    gateway.cut();
    gateway.rooms.get('other')?.change({ kind: 'left', userId: 'me' });
    await clock.pass(1_000);
    expect(client.rooms.size).toBe(0);
  });

  it('do not come back for a list that was made before the user was removed, and do when the user is let in again', async () => {
    const { client, gateway, clock } = await connected();
    const room = gateway.rooms.get('r');
    let arrive = (): void => undefined;
    gateway.line = (late) => {
      arrive = late;
      gateway.line = (arrives) => arrives();
    };
    const shown: boolean[] = [];
    client.on('rooms', (rooms) => shown.push(rooms.has('r')));
    gateway.addRoom('new');
    gateway.post('new', 'ann', 'makes the client list its rooms');
    await clock.pass(0);
    const left = room?.change({ kind: 'left', userId: 'me' });
    gateway.emit('roomLeft', { roomId: 'r', userId: 'me', rev: left?.rev ?? 0, timestamp: 1 });
    arrive();
    await clock.pass(0);
    expect([...client.rooms.keys()]).toEqual(['new']);
    expect(shown).not.toContain(true);
    const joined = room?.change({ kind: 'joined', userId: 'me' });
    gateway.emit('roomJoined', { roomId: 'r', userIds: ['me'], userCount: 1, rev: joined?.rev ?? 0, timestamp: 2 });
    await clock.pass(10);
    expect([...client.rooms.keys()].toSorted()).toEqual(['new', 'r']);
  });

  it('are listed once more after a list that was older than what is known', async () => {
    const { client, gateway, clock } = await connected();
    const room = gateway.rooms.get('r');
    gateway.emit('roomLeft', { roomId: 'r', userId: 'me', rev: 3, timestamp: 1 });
    gateway.addRoom('new');
    gateway.post('new', 'ann', 'makes the client list its rooms');
    await clock.pass(0);
    expect([...client.rooms.keys()]).toEqual(['new']);
    for (const kind of ['joined', 'left', 'left', 'joined'] as const) room?.change({ kind, userId: 'me' });
    await clock.pass(3_000);
    expect([...client.rooms.keys()].toSorted()).toEqual(['new', 'r']);
  });

  it('are another user’s when the token is', async () => {
    const { client, gateway, clock } = await connected();
    client.close();
    gateway.userId = 'ann';
    gateway.addRoom('hers', ['ann']);
    await client.connect();
    await clock.pass(0);
    expect([...client.rooms.keys()].toSorted()).toEqual(['hers', 'r']);
    expect(client.room('r')?.room.role).toBe('participant');
    expect(client.userId).toBe('ann');
  });
});

describe('what a room lacks', () => {
  it('is pulled after a moment, unless it comes by itself', async () => {
    const { client, gateway, clock } = await connected();
    const before = gateway.requestsOf('resume').length;
    gateway.passes = () => false;
    const lost = gateway.post('r', 'ann', 'lost');
    gateway.passes = () => true;
    gateway.post('r', 'ann', 'arrived');
    expect(client.room('r')?.messages).toEqual([]);
    gateway.emit('newMessage', lost);
    expect(client.room('r')?.messages.map(({ content }) => content)).toEqual(['lost', 'arrived']);
    await clock.pass(5_000);
    expect(gateway.requestsOf('resume').length).toBe(before);
  });

  it('is noticed by heads', async () => {
    const { client, gateway, clock } = await connected();
    gateway.passes = (name) => name === 'heads';
    gateway.post('r', 'ann', 'lost');
    gateway.emit('heads', { r: { head: 1, rev: 0 } });
    expect(client.room('r')?.unreadCount).toBe(1);
    await clock.pass(1_500);
    expect(client.room('r')?.messages.map(({ content }) => content)).toEqual(['lost']);
  });

  it('comes after a reconnect in as many pages as there are', async () => {
    const { client, gateway, clock } = await connected();
    const room = gateway.rooms.get('r');
    if (room) room.pageItems = 10;
    gateway.cut();
    for (let index = 0; index < 95; index++) room?.append('ann', `${index}`, `c${index}`);
    await clock.pass(1_000);
    expect(client.room('r')?.messages.length).toBe(95);
  });

  it('begins anew where the messages between cannot be had any more', async () => {
    const { client, gateway, clock } = await connected();
    gateway.post('r', 'ann', 'early');
    gateway.cut();
    const room = gateway.rooms.get('r');
    for (let id = 2; id <= 20; id++) room?.append('ann', `${id}`, `c${id}`);
    if (room) room.firstAvailableId = 15;
    await clock.pass(1_000);
    expect(client.room('r')?.messages.map(({ messageId }) => messageId)).toEqual([15, 16, 17, 18, 19, 20]);
    expect(client.room('r')?.hasOlder).toBe(false);
  });

  it('is asked for again when the answer is an error that may pass', async () => {
    const { client, gateway, clock } = await connected();
    const errors: string[] = [];
    client.on('error', ({ code }) => errors.push(code));
    gateway.cut();
    gateway.rooms.get('r')?.append('ann', 'missed', 'c');
    gateway.intervene('resume', failure('STORE_UNAVAILABLE', { retryable: true }));
    await clock.pass(10_000);
    expect(client.room('r')?.messages.map(({ content }) => content)).toEqual(['missed']);
    expect(errors).toEqual(['STORE_UNAVAILABLE']);
  });
});

describe('older pages', () => {
  it('are put in front, once even when asked for twice at a time', async () => {
    const { client, gateway, clock } = fakeStack();
    const room = gateway.addRoom('r');
    for (let id = 1; id <= 10; id++) room.append('ann', `${id}`, `c${id}`);
    await client.connect();
    await clock.pass(0);
    expect(await Promise.all([client.loadOlder('r', 4), client.loadOlder('r', 4)])).toEqual([true, true]);
    expect(client.room('r')?.messages.map(({ messageId }) => messageId)).toEqual([6, 7, 8, 9, 10]);
    expect(gateway.requestsOf('getHistory').length).toBe(1);
    expect(await client.loadOlder('r', 50)).toBe(false);
    expect(client.room('r')?.messages.length).toBe(10);
    expect(await client.loadOlder('r')).toBe(false);
  });

  it('reject without a connection', async () => {
    const { client, gateway } = fakeStack();
    const room = gateway.addRoom('r');
    for (let id = 1; id <= 3; id++) room.append('ann', `${id}`, `c${id}`);
    await client.connect();
    await settled();
    client.close();
    await expect(client.loadOlder('r')).rejects.toMatchObject({ code: 'DISCONNECTED', outcome: 'rejected' });
  });
});
