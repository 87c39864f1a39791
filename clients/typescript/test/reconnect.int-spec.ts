import { startTestStack, type TestStack } from '@parlance/devstack';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ParlanceClient } from '../src/index.js';
import type { Internals } from '../src/internals.js';
import { type Clock, systemClock } from '../src/time/clock.js';
import { type Balancer, startBalancer } from './balancer.js';
import { startPathProxy } from './path-proxy.js';
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

  it('notices by a send that its network went away without a word, long before the gateway does', async () => {
    const ann = await person('emil', balancer.url, { clock: hurriedClock(4) });
    const bob = await person('fay', stack.gateways[1]?.url ?? '');
    const roomId = await roomOf(ann, bob);
    const frozen = balancer.freeze();
    const { messageId } = await ann.send(roomId, 'into the silence').done;
    expect([messageId, frozen.heartbeats]).toEqual([1, 0]);
    await until(bob, () => bob.room(roomId)?.messages.length === 1);
  });

  it('finds a gateway that is published under a path', async () => {
    await using proxy = await startPathProxy('/parlance', stack.gateways[1]?.url ?? '');
    const ann = await person('gus', `${proxy.origin}/parlance`);
    const bob = await person('hal', `${proxy.origin}/parlance/`);
    const roomId = await roomOf(ann, bob);
    await ann.send(roomId, 'below').done;
    const [message] = await until(bob, () => bob.room(roomId)?.messages.length === 1 && bob.room(roomId)?.messages);
    expect(message?.content).toBe('below');
  });

  it('says so when there is no gateway under a path, and goes on trying', async () => {
    await using proxy = await startPathProxy('/parlance', stack.gateways[1]?.url ?? '');
    const url = `${proxy.origin}/elsewhere`;
    const client = new ParlanceClient({ url, getToken: () => stack.token('ida'), requestTimeoutMs: 1_000 });
    open.push(client);
    const told = new Promise((resolve) => client.on('error', resolve));
    const connecting = client.connect().catch((error: unknown) => error);
    expect(await told).toMatchObject({ code: 'DISCONNECTED', message: expect.stringContaining(url) });
    expect(['waiting', 'connecting']).toContain(client.state);
    client.close();
    expect(await connecting).toMatchObject({ code: 'CLOSED' });
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

/** A clock that goes so many times as fast. */
function hurriedClock(times: number): Clock {
  const start = Date.now();
  return {
    now: () => start + (Date.now() - start) * times,
    after: (delayMs, callback) => systemClock.after(delayMs / times, callback),
  };
}

async function person(userId: string, url: string, internals?: Partial<Internals>): Promise<ParlanceClient> {
  const token = await stack.token(userId);
  const options = { url, getToken: () => token, reconnect: { firstMs: 50, capMs: 500 } };
  // What the package shows of its constructor has one parameter.
  const client = Reflect.construct(ParlanceClient, [options, internals]) as ParlanceClient;
  open.push(client);
  await client.connect();
  return client;
}

async function roomOf(ann: ParlanceClient, bob: ParlanceClient): Promise<string> {
  const { roomId } = await ann.createRoom({ roomType: 'group', participants: [bob.userId ?? ''] });
  await until(bob, () => bob.room(roomId));
  return roomId;
}
