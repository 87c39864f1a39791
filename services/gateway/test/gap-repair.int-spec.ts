import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ChatClient, TestStack } from './fixtures/test-stack.js';

describe('events that are lost, doubled or late', () => {
  let stack: TestStack;

  beforeAll(async () => {
    stack = await TestStack.start({ HEAD_SWEEP_MS: '300' });
  });
  afterAll(() => stack.stop());

  it('reach clients once and in order, the missing ones pulled from the log', async () => {
    const { roomId, ann, ben } = await room('a1', 'b1');
    stack.chat.store(roomId, 'a1', '1');
    stack.chat.store(roomId, 'a1', '2', { silent: true });
    stack.chat.store(roomId, 'a1', '3', { silent: true });
    stack.chat.store(roomId, 'a1', '4');
    stack.chat.announce(roomId, 2);
    stack.chat.announce(roomId, 4);
    stack.chat.store(roomId, 'a1', '5');
    for (const client of [ann, ben]) {
      await client.until(() => ids(client).length >= 5);
      expect(ids(client)).toEqual([1, 2, 3, 4, 5]);
      expect(client.payloads('newMessage').map(({ content }) => content)).toEqual(['1', '2', '3', '4', '5']);
    }
  });

  it('ask the chat service for a gap once, however many clients there are', async () => {
    const { roomId, ann } = await room('a2', 'b2');
    stack.chat.store(roomId, 'a2', '1', { silent: true });
    stack.chat.store(roomId, 'a2', '2');
    await ann.until(() => ids(ann).length === 2);
    expect(stack.chat.calls.filter(({ getMessageHistory }) => getMessageHistory?.roomId === roomId)).toHaveLength(1);
  });

  it('are found by the sweep when nothing follows them', async () => {
    const { roomId, ann } = await room('a3', 'b3');
    stack.chat.store(roomId, 'a3', 'last', { silent: true });
    await ann.until(() => ids(ann).length === 1);
    expect(ids(ann)).toEqual([1]);
  });

  it('are told of by heads when they are more than 200', async () => {
    const { roomId, ann } = await room('a4', 'b4');
    for (let id = 1; id <= 250; id++) stack.chat.store(roomId, 'a4', String(id), { silent: true });
    stack.chat.store(roomId, 'a4', '251');
    await ann.until(() => ids(ann).length === 1);
    expect(ann.payloads('heads')).toEqual([{ [roomId]: { head: 250, rev: 0, epoch: 1 } }]);
    expect(ids(ann)).toEqual([251]);
  });

  it('leave out whoever left when the event of the leaving is lost too', async () => {
    const { roomId, ann, ben } = await room('a5', 'b5');
    stack.chat.leave(roomId, 'b5', true);
    stack.chat.store(roomId, 'a5', 'secret');
    await ann.until(() => ids(ann).length === 1);
    expect(ids(ben)).toEqual([]);
  });

  it('bring a newcomer in when the event of the joining is lost', async () => {
    const { roomId, ann } = await room('a6', 'b6');
    const cat = await stack.connected('c6');
    stack.chat.join(roomId, 'c6', true);
    await expect
      .poll(() => stack.chat.calls.some(({ listParticipants }) => listParticipants?.roomId === roomId))
      .toBe(true);
    stack.chat.store(roomId, 'a6', 'hello');
    for (const client of [ann, cat]) await client.until(() => ids(client).length === 1);
  });

  it('do not show a newcomer what was said before the joining, though it is pulled for others', async () => {
    const { roomId, ann } = await room('a7', 'b7');
    const cat = await stack.connected('c7');
    stack.chat.store(roomId, 'a7', 'before', { silent: true });
    stack.chat.join(roomId, 'c7');
    await ann.until(() => ids(ann).length === 1);
    stack.chat.store(roomId, 'a7', 'after');
    await cat.until(() => ids(cat).length === 1);
    expect(ids(cat)).toEqual([2]);
  });

  it('while Redis was away are pulled when it is back', async () => {
    const { roomId, ann } = await room('a8', 'b8');
    const names = ['heads_compared_total', 'heads_lag_messages_sum', 'repaired_messages_total', 'heard_messages_total'];
    const before = await Promise.all(names.map(metric));
    stack.chat.store(roomId, 'a8', '1');
    await ann.until(() => ids(ann).length === 1);
    await stack.redis.stop();
    // What a client of Redis has in hand may reach the server that comes back; of this one there is no event at all.
    stack.chat.store(roomId, 'a8', '2', { silent: true });
    await stack.redis.restart();
    await ann.until(() => ids(ann).length === 2);
    expect(ids(ann)).toEqual([1, 2]);
    const [compared = 0, lag, ...reached] = (await Promise.all(names.map(metric))).map(
      (now, at) => now - (before[at] ?? 0),
    );
    // Rooms may be compared again before the repair has ended.
    expect([compared > 0, (lag ?? 0) > 0, reached]).toEqual([true, true, [1, 1]]);
  });

  async function metric(name: string): Promise<number> {
    const text = await (await fetch(`http://127.0.0.1:${stack.gateway.opsPort}/metrics`)).text();
    return Number(new RegExp(`^chat_gateway_${name} (\\d+)$`, 'm').exec(text)?.[1]);
  }

  async function room(first: string, second: string): Promise<{ roomId: string; ann: ChatClient; ben: ChatClient }> {
    const roomId = stack.chat.createRoom([first, second]);
    return { roomId, ann: await stack.connected(first), ben: await stack.connected(second) };
  }
});

function ids(client: ChatClient): number[] {
  return client.payloads('newMessage').map(({ messageId }) => messageId);
}
