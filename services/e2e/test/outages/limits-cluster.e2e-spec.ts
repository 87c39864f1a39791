import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ChatClient } from '../../src/clients/chat-client.js';
import { HttpClient } from '../../src/clients/http-client.js';
import { type Deployment, startDeployment } from '../../src/deployment/start-deployment.js';

/** The limits that are counted in Redis, on a Redis Cluster and two gateways. Everybody comes from an address of their own. */
let parlance: Deployment;
const perMinute = 5;
const open: ChatClient[] = [];

beforeAll(async () => {
  parlance = await startDeployment({
    mongo: 'shared',
    gateways: 2,
    redis: 'cluster',
    env: {
      HTTP_PER_USER_PER_MINUTE: `${perMinute}`,
      HTTP_PER_IP_PER_MINUTE: `${perMinute}`,
      HANDSHAKES_PER_IP_PER_MINUTE: `${perMinute}`,
      TRUST_PROXY_HOPS: '1',
    },
  });
});
afterAll(async () => {
  for (const client of open) client.close();
  await parlance[Symbol.asyncDispose]();
});

let addresses = 0;
const newAddress = (): string => `10.0.${addresses >> 8}.${addresses++ & 255}`;

/** Requests of one user or address, each at the gateway named; answers how many passed. */
async function passed(
  gateways: readonly number[],
  ask: (url: string) => Promise<'passed' | 'limited'>,
): Promise<number> {
  const answers = [];
  for (const index of gateways) answers.push(await ask(parlance.gateways[index]?.url ?? ''));
  return answers.filter((answer) => answer === 'passed').length;
}

/** A request; refused it has to say how long to wait. Everything but these two is an error. */
async function request(url: string, userId: string, address: string): Promise<'passed' | 'limited'> {
  const client = new HttpClient(url, userId, { 'x-forwarded-for': address });
  const { status, headers, body } = await client.request('GET', '/rooms');
  if (body.success) return 'passed';
  expect([status, body]).toMatchObject([429, { error: { code: 'RATE_LIMITED', retryable: true } }]);
  expect(body.error.retryAfterMs).toBeLessThanOrEqual(60_000);
  expect(headers.get('retry-after')).toBe(`${Math.ceil((body.error.retryAfterMs ?? 0) / 1_000)}`);
  return 'limited';
}

/** The same user from an address of its own each time. */
const byUser = (userId: string) => (url: string) => request(url, userId, newAddress());

/** The same address with another user each time. */
const byAddress = (address: string) => (url: string) => request(url, `user-${addresses++}`, address);

/** Connections of an address, each of another user. */
const byHandshake =
  (address: string) =>
  async (url: string): Promise<'passed' | 'limited'> => {
    try {
      open.push(await ChatClient.connect(url, `user-${addresses++}`, { headers: { 'x-forwarded-for': address } }));
      return 'passed';
    } catch (error) {
      expect(error).toMatchObject({ data: { code: 'RATE_LIMITED', retryAfterMs: expect.any(Number) } });
      return 'limited';
    }
  };

/** The two gateways in turn, one request more than the limit. */
const alternating = Array.from({ length: perMinute + 1 }, (_, index) => index % 2);
const each = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

/** How many counts lie on each master that answers. */
async function countsOfMasters(): Promise<number[]> {
  const counts = [];
  for (const { port } of parlance.redis.nodes.filter(({ running }) => running)) {
    const redis = new Redis({ host: '127.0.0.1', port });
    if ((await redis.role())[0] === 'master') counts.push((await redis.keys('chat:limit:*')).length);
    redis.disconnect();
  }
  return counts;
}

/** Resolves when ten fresh users in a row pass exactly as often as the limit says, at both gateways together. */
async function countedTogether(): Promise<void> {
  const counts = async () => {
    const passes = [];
    for (const _ of each(10)) passes.push(await passed(alternating, byUser(`fresh-${addresses++}`)));
    return passes;
  };
  await expect.poll(counts, { timeout: 60_000, interval: 500 }).toEqual(each(10).map(() => perMinute));
}

it('are counted for both gateways together, whichever master holds the count', async () => {
  for (const index of each(20)) {
    expect(await passed(alternating, byUser(`reader-${index}`))).toBe(perMinute);
    expect(await passed(alternating, byAddress(newAddress()))).toBe(perMinute);
    expect(await passed(alternating, byHandshake(newAddress()))).toBe(perMinute);
  }
  const counts = await countsOfMasters();
  expect(counts).toHaveLength(3);
  for (const count of counts) expect(count).toBeGreaterThan(0);
});

it('refuse nobody while a master is gone, and are counted together when its replica has taken over', async () => {
  await parlance.redis.nodes[0]?.kill('SIGKILL');
  const slowest = { ms: 0 };
  while ((await countsOfMasters()).length < 3) {
    const askedAt = performance.now();
    expect(await passed([0, 1], byUser(`meanwhile-${addresses++}`))).toBe(2);
    slowest.ms = Math.max(slowest.ms, performance.now() - askedAt);
  }
  process.stdout.write(`A master gone: two requests took at most ${slowest.ms.toFixed(0)} ms\n`);
  await countedTogether();
});

it('hold at each gateway by itself while the whole cluster is away, and together when it is back', async () => {
  await Promise.all(parlance.redis.nodes.map((node) => node.kill('SIGKILL')));
  const askedAt = performance.now();
  for (const ask of [byUser('alone'), byAddress(newAddress()), byHandshake(newAddress())]) {
    const counts = await Promise.all(
      [0, 1].map((gateway) =>
        passed(
          each(perMinute + 3).map(() => gateway),
          ask,
        ),
      ),
    );
    expect(counts).toEqual([perMinute, perMinute]);
  }
  process.stdout.write(`The cluster away: 48 requests took ${(performance.now() - askedAt).toFixed(0)} ms\n`);
  await Promise.all(parlance.redis.nodes.map((node) => node.restart()));
  await countedTogether();
});
