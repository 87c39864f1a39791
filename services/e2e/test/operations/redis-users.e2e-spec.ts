import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RedisServers, startRedis, waitUntil } from '@parlance/devstack';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ChatClient } from '../../src/clients/chat-client.js';
import { HttpClient } from '../../src/clients/http-client.js';
import { type Deployment, startDeployment } from '../../src/deployment/start-deployment.js';

/** A Redis Cluster with the users of the chart: the default one is off, services sign in with the rules of `services.acl`. */
let directory: string;
let redis: RedisServers;
let parlance: Deployment;
let rules: readonly string[];
const admin = { username: 'test-admin', password: 'a-password-of-the-test' };
const services = { username: 'services', password: 'a-password-of-services' };

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'parlance-users-'));
  const file = new URL('../../../../charts/redis-cluster/files/services.acl', import.meta.url);
  rules = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  redis = await startRedis({ mode: 'cluster', dataDir: directory });
  for (const { port } of redis.nodes) {
    const node = new Redis({ port, host: '127.0.0.1' });
    await node.acl('SETUSER', admin.username, 'on', `>${admin.password}`, '~*', '&*', '+@all');
    await node.acl('SETUSER', services.username, 'reset', 'on', `>${services.password}`, ...rules);
    await node.config('SET', 'masteruser', admin.username, 'masterauth', admin.password);
    node.disconnect();
  }
  await onEachNode(async (node) => {
    await node.acl('SETUSER', 'default', 'reset', 'off');
    // Links of replicas are the default user still; new ones sign in.
    await node.call('CLIENT', 'KILL', 'TYPE', 'replica');
  });
  const followers = async (): Promise<number> =>
    (await onEachNode((node) => node.info('replication'))).filter((text) => text.includes('master_link_status:up'))
      .length;
  await waitUntil(async () => (await followers()) === 3 || undefined, { what: 'three replicas', timeoutMs: 60_000 });
  await onEachNode(async (node) => {
    await node.acl('LOG', 'RESET');
    await node.config('RESETSTAT');
  });
  parlance = await startDeployment({
    mongo: 'shared',
    env: {
      REDIS_MODE: 'cluster',
      REDIS_NODES: redis.addresses.join(','),
      REDIS_USERNAME: services.username,
      REDIS_PASSWORD: services.password,
    },
  });
});
afterAll(async () => {
  await parlance?.[Symbol.asyncDispose]();
  await redis?.stop();
  await rm(directory, { recursive: true, force: true });
});

/** Asks every node, as somebody who may do everything unless another is named. */
async function onEachNode<Answer>(ask: (node: Redis) => Promise<Answer>, as = admin): Promise<readonly Answer[]> {
  return await Promise.all(
    redis.nodes.map(async ({ port }) => {
      const node = new Redis({ port, host: '127.0.0.1', ...as, maxRetriesPerRequest: 0 });
      try {
        return await ask(node);
      } finally {
        node.disconnect();
      }
    }),
  );
}

/** Names of the commands that were carried out, in Redis's words: `zadd`, `cluster|slots`. */
async function commandsSeen(): Promise<ReadonlySet<string>> {
  const texts = await onEachNode((node) => node.info('commandstats'));
  return new Set(texts.flatMap((text) => [...text.matchAll(/^cmdstat_([^:]+):/gm)].map(([, name]) => String(name))));
}

it('lets services do all that they do, refuses them nothing of it, and allows no command that they do not need', async () => {
  const [gateway = ''] = parlance.gateways.map(({ url }) => url);
  const ann = await ChatClient.connect(gateway, 'ann');
  const bob = await ChatClient.connect(gateway, 'bob');
  // Cy is away, so a pointer is put for what waits.
  const { roomId } = await ann.ask('createRoom', { roomType: 'group', participants: ['bob', 'cy'] });
  for (const content of ['one', 'two', 'three']) await ann.ask('sendMessage', { roomId, content });
  await bob.until('the messages', () => bob.idsOf(roomId).length === 3);
  await new HttpClient(gateway, 'ann').ask('GET', '/rooms');
  expect(await bob.ask('getHistory', { roomId })).toHaveLength(3);
  expect(await pointers('cy')).toEqual([]);
  await expect.poll(() => pointers('cy')).toContain(roomId);
  const cy = await ChatClient.connect(gateway, 'cy');
  await cy.ask('messageDelivered', { roomId, messageId: 3 });
  await expect.poll(() => pointers('cy')).toEqual([]);
  await bob.ask('leaveRoom', { roomId });
  for (const client of [ann, bob, cy]) client.close();
  await expect.poll(async () => (await commandsSeen()).has('sunsubscribe')).toBe(true);

  const refused = (await onEachNode((node) => node.acl('LOG') as Promise<unknown[]>)).flat();
  expect(refused).toEqual([]);
  const seen = await commandsSeen();
  const allowed = rules.filter((rule) => /^\+[a-z]/.test(rule)).map((rule) => rule.slice(1));
  // Read only of a user who is away from more than 200 rooms, by the script of the pointers.
  expect(allowed.filter((name) => !seen.has(name))).toEqual(['hgetall']);
});

/** Rooms that a user who is away has pointers to. */
async function pointers(userId: string): Promise<readonly string[]> {
  return (await onEachNode((node) => node.hkeys(`offline:{${userId}}:messages`).catch(() => []))).flat();
}

it('refuses services whatever else there is, and everybody who does not sign in', async () => {
  const commands = [
    'FLUSHALL',
    'KEYS *',
    'SCAN 0',
    'CONFIG GET requirepass',
    'ACL LIST',
    'CLIENT LIST',
    'CLUSTER RESET',
    'CLUSTER FAILOVER TAKEOVER',
    'SCRIPT FLUSH',
    'SHUTDOWN NOSAVE',
    'REPLICAOF NO ONE',
    'GET chat:room:{a}:msg_id',
    'SET elsewhere 1',
    'SPUBLISH elsewhere x',
    'SUBSCRIBE chat:rooms:{1}',
    'MONITOR',
  ];
  for (const line of commands) {
    const [name = '', ...args] = line.split(' ');
    const answers = await onEachNode((node) => node.call(name, ...args).catch(String), services);
    for (const answer of answers) expect(answer, line).toMatch(/NOPERM/);
  }
  const [unsigned] = await Promise.all(
    redis.nodes.slice(0, 1).map(async ({ port }) => {
      const node = new Redis({ port, host: '127.0.0.1', enableReadyCheck: false });
      node.on('error', () => {});
      const answer = await node.call('PING').catch(String);
      node.disconnect();
      return answer;
    }),
  );
  expect(unsigned).toMatch(/NOAUTH/);
});
