import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestStack } from './fixtures/test-stack.js';

describe('the chat over a socket', () => {
  let stack: TestStack;

  beforeAll(async () => {
    stack = await TestStack.start();
  });
  afterAll(() => stack.stop());

  it('greets a new connection with ready, which names the rooms and where they stand', async () => {
    const roomId = stack.chat.createRoom(['ann', 'ben']);
    stack.chat.store(roomId, 'ben', 'before');
    const ann = await stack.client('ann');
    const ready = await ann.connect();
    expect(ready).toMatchObject({
      userId: 'ann',
      protocolVersion: 1,
      rooms: [{ roomId, head: 1, rev: 0, epoch: 1 }],
      limits: { contentBytes: 16_384 },
    });
    expect(ann.events[0]?.name).toBe('ready');
  });

  it('acknowledges a message and sends it to every socket of every participant', async () => {
    const roomId = stack.chat.createRoom(['cat', 'dan']);
    const clients = [await stack.connected('cat'), await stack.connected('cat'), await stack.connected('dan')];
    const ack = await clients[0]?.send('sendMessage', {
      roomId,
      content: 'hello',
      clientMessageId: 'c1',
      metadata: { a: [1] },
    });
    expect(ack).toMatchObject({
      success: true,
      data: { messageId: 1, content: 'hello', clientMessageId: 'c1', metadata: { a: [1] }, deduplicated: false },
    });
    expect(ack?.timestamp).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    for (const client of clients) {
      await client.until(() => client.payloads('newMessage').length === 1);
      expect(client.payloads('newMessage')).toMatchObject([
        { roomId, messageId: 1, content: 'hello', senderId: 'cat' },
      ]);
    }
  });

  it('stores the messages of one socket in the order in which they were sent', async () => {
    const roomId = stack.chat.createRoom(['eve']);
    const eve = await stack.connected('eve');
    const contents = Array.from({ length: 300 }, (_, index) => `message ${index}`);
    const acks = await Promise.all(contents.map((content) => eve.send('sendMessage', { roomId, content })));
    expect(acks.map((ack) => ack.success && ack.data.messageId)).toEqual(contents.map((_, index) => index + 1));
    await eve.until(() => eve.payloads('newMessage').length === 300);
    expect(eve.payloads('newMessage').map(({ content }) => content)).toEqual(contents);
  });

  it('names a message itself when the client does not, and passes the caller and a trace on', async () => {
    const roomId = stack.chat.createRoom(['fay']);
    const fay = await stack.connected('fay');
    await fay.send('sendMessage', { roomId, content: 'x' });
    const call = stack.chat.calls.findLast(({ sendMessage }) => sendMessage?.roomId === roomId);
    expect(call).toMatchObject({ userId: 'fay', traceId: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-/) });
    expect(call?.sendMessage?.clientMessageId).toMatch(/^[0-9a-f-]{36}$/);
    expect(call?.deadlineMs).toBeGreaterThan(9_000);
  });

  it('answers history with what belongs beside it', async () => {
    const roomId = stack.chat.createRoom(['gus']);
    for (const content of ['1', '2', '3']) stack.chat.store(roomId, 'gus', content);
    const gus = await stack.connected('gus');
    const ack = await gus.send('getHistory', { roomId, limit: 2, afterId: 0 });
    expect(ack).toMatchObject({ success: true, hasMore: false, data: [{ messageId: 1 }, { messageId: 2 }] });
  });

  it('brings a room that somebody else creates to its participants without a new connection', async () => {
    const [hal, ivy] = [await stack.connected('hal'), await stack.connected('ivy')];
    const created = await hal.send('createRoom', { roomType: 'group', participants: ['ivy'] });
    const roomId = created.success ? created.data.roomId : '';
    await ivy.until(() => ivy.payloads('roomJoined').some(({ userIds }) => userIds.includes('ivy')));
    await hal.send('sendMessage', { roomId, content: 'welcome' });
    for (const client of [hal, ivy]) {
      await client.until(() => client.payloads('newMessage').length === 1);
      expect(client.payloads('newMessage')).toMatchObject([{ roomId, messageId: 1 }]);
    }
  });

  it('lets a newcomer hear what follows the joining, and the others of the newcomer', async () => {
    const roomId = stack.chat.createRoom(['jan']);
    stack.chat.store(roomId, 'jan', 'old');
    const [jan, kim] = [await stack.connected('jan'), await stack.connected('kim')];
    await expect(kim.send('joinRoom', { roomId })).resolves.toMatchObject({ success: true, data: { roomId, head: 1 } });
    await jan.until(() => jan.payloads('roomJoined').length === 1);
    expect(jan.payloads('roomJoined')).toMatchObject([{ roomId, userIds: ['kim'], userCount: 1 }]);
    await jan.send('sendMessage', { roomId, content: 'new' });
    await kim.until(() => kim.payloads('newMessage').length === 1);
    expect(kim.payloads('newMessage')).toMatchObject([{ messageId: 2 }]);
  });

  it('tells everybody of a leaver, who hears nothing more', async () => {
    const roomId = stack.chat.createRoom(['leo', 'mia']);
    const [leo, mia] = [await stack.connected('leo'), await stack.connected('mia')];
    await expect(mia.send('leaveRoom', { roomId })).resolves.toMatchObject({ success: true, data: { roomId } });
    for (const client of [leo, mia]) await client.until(() => client.payloads('roomLeft').length === 1);
    await leo.send('sendMessage', { roomId, content: 'gone?' });
    await leo.until(() => leo.payloads('newMessage').length === 1);
    expect(mia.payloads('newMessage')).toEqual([]);
  });

  it('passes a refusal of the chat service on as it is', async () => {
    const roomId = stack.chat.createRoom(['ned']);
    const eve = await stack.connected('eve');
    await expect(eve.send('sendMessage', { roomId, content: 'x' })).resolves.toMatchObject({
      success: false,
      error: { code: 'ROOM_NOT_FOUND', retryable: false, outcome: 'rejected', message: expect.any(String) },
    });
  });
});
