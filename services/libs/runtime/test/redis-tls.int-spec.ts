import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { type Cluster, Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { writeByNode } from '../src/redis/cluster/write-by-node.js';
import { checkRedis } from '../src/redis/connection/check-redis.js';
import { createRedis } from '../src/redis/connection/create-redis.js';
import type { RedisClient } from '../src/redis/connection/redis-client.js';
import type { RedisOptions } from '../src/redis/connection/redis-options.js';
import { ShardedSubscriber } from '../src/redis/subscription/sharded-subscriber.js';
import { eventually } from './fixtures/eventually.js';
import { type RedisTestCluster, startRedisCluster } from './fixtures/start-redis-cluster.js';
import { watchSubscriber } from './fixtures/watch-subscriber.js';

/** The certificate is good for the name `localhost` and for no address. */
const files = (name: string): string => join(import.meta.dirname, 'fixtures/tls', name);
const tlsFiles = { cert: files('localhost.pem'), key: files('localhost.key'), ca: files('test-ca.pem') };
const logger = { info: vi.fn(), warn: vi.fn() };
let cluster: RedisTestCluster;
let options: RedisOptions;
let client: RedisClient;
let subscriber: ShardedSubscriber;

beforeAll(async () => {
  cluster = await startRedisCluster(tlsFiles);
  options = {
    mode: 'cluster',
    nodes: cluster.addresses.slice(0, 2).map(({ port }) => ({ host: 'localhost', port })),
    tls: true,
  };
});
afterEach(() => {
  client.disconnect();
  subscriber.close();
  setDefaultCACertificates(getCACertificates('bundled'));
  vi.clearAllMocks();
});
afterAll(() => cluster.stop());

function connect(): void {
  client = createRedis(options, logger, () => performance.now());
  subscriber = new ShardedSubscriber(options, logger, { elapsedMs: () => performance.now() });
}

it('reaches a cluster whose certificates carry host names, by an authority of its own', async () => {
  // What NODE_EXTRA_CA_CERTS does for a process.
  setDefaultCACertificates([...getCACertificates('bundled'), readFileSync(tlsFiles.ca, 'utf8')]);
  connect();
  const watch = watchSubscriber(subscriber);
  const channels = Array.from({ length: 12 }, (_, index) => `{partition-${index}}:events`);
  await Promise.all(channels.map((channel) => subscriber.subscribe(channel)));
  const groups = channels.map((channel) => ({ key: channel, commands: [['spublish', channel, 'x'] as const] }));
  await eventually(async () => (await writeByNode(client, groups)).failed === 0);
  await watch.until(() => new Set(watch.messages.map(([channel]) => channel)).size === channels.length);
  await expect(checkRedis(client)).resolves.toBeUndefined();
  expect(logger.warn).not.toHaveBeenCalled();
});

it('signs in at every node as the user that is named', async () => {
  setDefaultCACertificates([...getCACertificates('bundled'), readFileSync(tlsFiles.ca, 'utf8')]);
  for (const { port } of cluster.addresses) {
    const node = new Redis({ host: 'localhost', port, tls: {} });
    await node.acl('SETUSER', 'chat', 'on', '>a-password', '~*', '&*', '+@all');
    node.disconnect();
  }
  const signedIn = { ...options, username: 'chat', password: 'a-password' };
  client = createRedis(signedIn, logger, () => performance.now());
  subscriber = new ShardedSubscriber(signedIn, logger, { elapsedMs: () => performance.now() });
  const watch = watchSubscriber(subscriber);
  const channels = Array.from({ length: 12 }, (_, index) => `{partition-${index}}:events`);
  await Promise.all(channels.map((channel) => subscriber.subscribe(channel)));
  const groups = channels.map((channel) => ({ key: channel, commands: [['spublish', channel, 'x'] as const] }));
  await eventually(async () => (await writeByNode(client, groups)).failed === 0);
  await watch.until(() => new Set(watch.messages.map(([channel]) => channel)).size === channels.length);
  const users = await Promise.all((client as Cluster).nodes('master').map((node) => node.acl('WHOAMI')));
  expect([...new Set(users)]).toEqual(['chat']);
});

it('says in the log and in its health why a certificate is refused', async () => {
  connect();
  void subscriber.subscribe('a').catch(() => {});
  const reason = expect.stringContaining('self-signed certificate in certificate chain');
  const texts = (): unknown[] => logger.warn.mock.calls.map(([, text]) => text);
  await eventually(() =>
    ['Redis is not reachable', 'Redis subscriptions cannot be made'].every((text) => texts().includes(text)),
  );
  expect(logger.warn).toHaveBeenCalledWith({ reason }, 'Redis is not reachable');
  expect(logger.warn).toHaveBeenCalledWith(
    { node: expect.stringContaining('localhost:'), reason },
    'Redis subscriptions cannot be made',
  );
  await expect(checkRedis(client)).rejects.toThrow(/^not connected: localhost:\d+: self-signed certificate/);
});
