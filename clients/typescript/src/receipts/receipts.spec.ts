import { describe, expect, it } from 'vitest';
import { failure } from '../../test/fakes/fake-gateway.js';
import { connected } from '../../test/fakes/fake-stack.js';

const annReads = { roomId: 'r', messageId: 1, status: 'read', userId: 'ann', timestamp: 6, readAt: 6 } as const;

describe('receipts of this user', () => {
  it('tell once a quarter second how far messages have arrived', async () => {
    const { gateway, clock } = await connected();
    for (let id = 1; id <= 5; id++) gateway.post('r', 'ann', `${id}`);
    await clock.pass(249);
    expect(gateway.requestsOf('messageDelivered')).toEqual([]);
    await clock.pass(1);
    expect(gateway.requestsOf('messageDelivered')).toEqual([{ roomId: 'r', messageId: 5 }]);
  });

  it('tell only that they were read, where both are known', async () => {
    const { client, gateway, clock } = await connected();
    gateway.post('r', 'ann', 'hello');
    client.markRead('r');
    expect(client.room('r')?.unreadCount).toBe(0);
    await clock.pass(1_000);
    expect(gateway.requestsOf('messageRead')).toEqual([{ roomId: 'r', messageId: 1 }]);
    expect(gateway.requestsOf('messageDelivered')).toEqual([]);
  });

  it('never go back, and never beyond what is shown', async () => {
    const { client, gateway, clock } = await connected();
    for (let id = 1; id <= 3; id++) gateway.post('r', 'ann', `${id}`);
    client.markRead('r', 99);
    client.markRead('r', 1);
    await clock.pass(1_000);
    expect(gateway.requestsOf('messageRead')).toEqual([{ roomId: 'r', messageId: 3 }]);
    expect(client.room('r')?.marks.get('me')?.read).toBe(3);
  });

  it('are told again after a reconnect when no answer came', async () => {
    const { client, gateway, clock } = await connected();
    gateway.post('r', 'ann', 'hello');
    gateway.intervene('messageRead', 'lost');
    client.markRead('r');
    await clock.pass(300);
    if (gateway.rooms.get('r')?.marks.delete('me')) gateway.cut();
    await clock.pass(2_000);
    expect(gateway.rooms.get('r')?.marks.get('me')?.read).toBe(1);
  });

  it('are told again after an error that may pass, and not after another one', async () => {
    const { client, gateway, clock } = await connected();
    const errors: string[] = [];
    client.on('error', ({ code }) => errors.push(code));
    gateway.post('r', 'ann', 'hello');
    gateway.intervene(
      'messageRead',
      failure('STORE_UNAVAILABLE', { retryable: true, outcome: 'unknown' }),
      failure('INVALID_MESSAGE'),
    );
    client.markRead('r');
    await clock.pass(60_000);
    expect(gateway.requestsOf('messageRead').length).toBe(2);
    expect(errors).toEqual(['INVALID_MESSAGE']);
  });

  it('count an own message as read, and everything before it', async () => {
    const { client, gateway, clock } = await connected();
    await client.send('r', 'mine').done;
    expect(client.room('r')?.unreadCount).toBe(0);
    await clock.pass(1_000);
    expect(gateway.requestsOf('messageRead')).toEqual([{ roomId: 'r', messageId: 1 }]);
    gateway.post('r', 'ann', 'not read');
    expect(client.room('r')?.unreadCount).toBe(1);
    await client.send('r', 'mine again').done;
    expect(client.room('r')?.unreadCount).toBe(0);
  });

  it('take an answer as a sign that what is before it was read', async () => {
    const { client, gateway } = await connected();
    await client.send('r', 'a question').done;
    gateway.post('r', 'ann', 'an answer');
    expect(client.room('r')?.messages[0]).toMatchObject({ status: 'read', readBy: [{ userId: 'ann' }] });
  });
});

describe('receipts of others', () => {
  it('raise the status of own messages up to theirs', async () => {
    const { client, gateway } = await connected();
    await client.send('r', 'one').done;
    await client.send('r', 'two').done;
    const status = (): unknown[] => (client.room('r')?.messages ?? []).map((message) => message.status);
    gateway.emit('messageStatusUpdate', {
      roomId: 'r',
      messageId: 2,
      status: 'delivered',
      userId: 'ann',
      timestamp: 5,
    });
    expect(status()).toEqual(['delivered', 'delivered']);
    gateway.emit('messageStatusUpdate', annReads);
    expect(status()).toEqual(['read', 'delivered']);
    expect(client.room('r')?.messages[0]?.readBy).toEqual([{ userId: 'ann', readAt: 6 }]);
    expect(client.room('r')?.marks.get('ann')).toEqual({ delivered: 2, read: 1, readAt: 6 });
  });

  it('of several participants come in one event', async () => {
    const { client, gateway } = await connected();
    await client.send('r', 'one').done;
    const seen: unknown[] = [];
    client.on('room', (room) => seen.push(room.messages[0]?.readBy.length));
    gateway.emit('messageStatusUpdate', {
      ...annReads,
      others: [
        { userId: 'bob', status: 'read', messageId: 1 },
        { userId: 'cy', status: 'delivered', messageId: 1 },
      ],
    });
    const marks = client.room('r')?.marks;
    expect(['ann', 'bob', 'cy'].map((userId) => marks?.get(userId))).toEqual([
      { delivered: 1, read: 1, readAt: 6 },
      { delivered: 1, read: 1, readAt: 6 },
      { delivered: 1, read: 0 },
    ]);
  });

  it('that came while away are there after a reconnect', async () => {
    const { client, gateway, clock } = await connected();
    await client.send('r', 'read this').done;
    gateway.cut();
    gateway.rooms.get('r')?.mark('ann', 'read', 1);
    await clock.pass(1_000);
    expect(client.room('r')?.messages[0]?.status).toBe('read');
  });
});

describe('typing', () => {
  it('is told at most every 10 s while it goes on, and its end at once', async () => {
    const { client, gateway, clock } = await connected();
    for (let second = 0; second < 15; second++) {
      client.setTyping('r', true);
      await clock.pass(1_000);
    }
    client.setTyping('r', false);
    client.setTyping('r', false);
    await clock.pass(0);
    expect(gateway.requestsOf('typing').map(({ isTyping }) => isTyping)).toEqual([true, true, false]);
  });

  it('ends with a message, and is told anew with the next key', async () => {
    const { client, gateway, clock } = await connected();
    client.setTyping('r', true);
    client.send('r', 'hello');
    client.setTyping('r', true);
    await clock.pass(0);
    expect(gateway.requestsOf('typing').map(({ isTyping }) => isTyping)).toEqual([true, false, true]);
  });

  it('of others is shown until 12 s after they last said so', async () => {
    const { client, gateway, clock } = await connected();
    const told: boolean[] = [];
    client.on('typing', ({ isTyping }) => told.push(isTyping));
    gateway.emit('typing', { roomId: 'r', userId: 'ann', isTyping: true });
    await clock.pass(10_000);
    gateway.emit('typing', { roomId: 'r', userId: 'ann', isTyping: true });
    await clock.pass(11_999);
    expect(client.room('r')?.typing).toEqual(['ann']);
    await clock.pass(1);
    expect(client.room('r')?.typing).toEqual([]);
    expect(told).toEqual([true, false]);
  });

  it('of others ends with their message', async () => {
    const { client, gateway } = await connected();
    gateway.emit('typing', { roomId: 'r', userId: 'ann', isTyping: true });
    gateway.post('r', 'ann', 'done');
    expect(client.room('r')?.typing).toEqual([]);
  });
});
