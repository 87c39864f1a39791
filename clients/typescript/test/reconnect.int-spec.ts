import { startTestStack, type TestStack } from '@parlance/devstack';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ParlanceClient } from '../src/index.js';
import { type Balancer, startBalancer } from './balancer.js';
import { until } from './until.js';

let stack: TestStack;
let balancer: Balancer;
const open: ParlanceClient[] = [];

beforeAll(async () => {
  stack = await startTestStack({ gateways: 2 });
});
beforeEach(async () => {
  balancer = await startBalancer(stack.gateways[0].url);
});
afterEach(async () => {
  for (const client of open.splice(0)) client.close();
  await balancer[Symbol.asyncDispose]();
});
afterAll(async () => {
  await stack[Symbol.asyncDispose]();
});

describe('a client whose connection does not hold', () => {
  it('loses and doubles nothing while it is cut off again and again', async () => {
    const ann = await person('ann', balancer.url);
    const bob = await person('bob', stack.gateways[1]?.url ?? '');
    const roomId = await roomOf(ann, bob);
    const told: string[] = [];
    bob.on('message', ({ content }) => told.push(content));
    const toldAnn: number[] = [];
    ann.on('message', ({ messageId }) => toldAnn.push(messageId));
    const sends = [];
    for (let round = 0; round < 8; round++) {
      for (let index = 0; index < 5; index++) sends.push(ann.send(roomId, `${round}.${index}`), bob.send(roomId, 'x'));
      balancer.cut();
      await sends.at(-1)?.done;
      await until(ann, () => ann.state === 'online');
    }
    await Promise.all(sends.map(({ done }) => done));
    await until(ann, () => ann.room(roomId)?.messages.length === 80);
    await until(bob, () => bob.room(roomId)?.messages.length === 80);
    const ids = Array.from({ length: 80 }, (_, index) => index + 1);
    for (const person of [ann, bob]) {
      expect(person.room(roomId)?.messages.map(({ messageId }) => messageId)).toEqual(ids);
      expect(person.room(roomId)?.pending).toEqual([]);
    }
    expect(toldAnn).toEqual(ids);
    expect(told).toEqual(ann.room(roomId)?.messages.map(({ content }) => content));
    expect(new Set(told.filter((content) => content !== 'x')).size).toBe(40);
  });

  it('moves to another gateway when its own is stopped, and misses nothing', async () => {
    const ann = await person('carl', balancer.url);
    const bob = await person('dora', stack.gateways[1]?.url ?? '');
    const roomId = await roomOf(ann, bob);
    balancer.target = stack.gateways[1]?.url ?? '';
    const states: string[] = [];
    ann.on('state', (state) => states.push(state));
    const stopped = stack.gateways[0].process.stop();
    const sends = Array.from({ length: 20 }, (_, index) => [
      ann.send(roomId, `a${index}`),
      bob.send(roomId, `b${index}`),
    ]);
    await stopped;
    await Promise.all(sends.flat().map(({ done }) => done));
    await until(ann, () => ann.state === 'online' && ann.room(roomId)?.messages.length === 40);
    expect(states).toContain('online');
    expect(ann.room(roomId)?.messages.map(({ messageId }) => messageId)).toEqual(
      Array.from({ length: 40 }, (_, index) => index + 1),
    );
  });
});

async function person(userId: string, url: string): Promise<ParlanceClient> {
  const token = await stack.token(userId);
  const client = new ParlanceClient({ url, getToken: () => token, reconnect: { firstMs: 50, capMs: 500 } });
  open.push(client);
  await client.connect();
  return client;
}

async function roomOf(ann: ParlanceClient, bob: ParlanceClient): Promise<string> {
  const { roomId } = await ann.createRoom({ roomType: 'group', participants: [bob.userId ?? ''] });
  await until(bob, () => bob.room(roomId));
  return roomId;
}
