import { once } from 'node:events';
import { Cluster, Redis } from 'ioredis';
import { test } from 'vitest';
import { type RedisOptions, type RedisServers, startRedis } from '../src/index.js';
import { type OnTestFinished, scratchFolder } from './scratch-folder.js';

test.concurrent('a single server answers, is 7.0 or later, and starts empty again after a kill', async ({
  expect,
  onTestFinished,
}) => {
  const servers = await started(onTestFinished, { mode: 'single', dataDir: scratchFolder(onTestFinished) });
  const [node] = servers.nodes;
  const client = connected(onTestFinished, servers);
  await client.set('greeting', 'hello');
  expect(await client.get('greeting')).toBe('hello');
  expect(Number(servers.version.split('.')[0])).toBeGreaterThanOrEqual(7);

  await node?.kill();
  await node?.restart();

  expect(await connected(onTestFinished, servers).get('greeting')).toBeNull();
});

test.concurrent('a cluster serves every slot and delivers sharded messages', async ({ expect, onTestFinished }) => {
  const servers = await started(onTestFinished, { mode: 'cluster', dataDir: scratchFolder(onTestFinished) });
  const cluster = clusterClient(onTestFinished, servers);
  const keys = Array.from({ length: 50 }, (_, index) => `key-${index}`);
  await Promise.all(keys.map((key) => cluster.set(key, key)));
  expect(await Promise.all(keys.map((key) => cluster.get(key)))).toEqual(keys);

  const subscriber = clusterClient(onTestFinished, servers);
  await subscriber.ssubscribe('room:{42}');
  const message = once(subscriber, 'smessage');
  await cluster.spublish('room:{42}', 'hello');
  expect((await message).slice(0, 2)).toEqual(['room:{42}', 'hello']);
});

test.concurrent('a cluster of which all nodes were killed heals, on the same ports and on others', async ({
  expect,
  onTestFinished,
}) => {
  const dataDir = scratchFolder(onTestFinished);
  const first = await started(onTestFinished, { mode: 'cluster', dataDir });
  const ids = await nodeIds(first);
  const ports = first.nodes.map(({ port }) => port);
  await Promise.all(first.nodes.map((node) => node.kill()));

  const again = await started(onTestFinished, { mode: 'cluster', dataDir, ports });
  expect(await nodeIds(again)).toEqual(ids);
  await again.stop();

  const moved = await started(onTestFinished, { mode: 'cluster', dataDir });
  expect(moved.nodes.map(({ port }) => port)).not.toEqual(ports);
  expect(await nodeIds(moved)).toEqual(ids);
  const cluster = clusterClient(onTestFinished, moved);
  expect(await cluster.set('{a}', '1')).toBe('OK');
  expect(await cluster.set('{b}', '1')).toBe('OK');
});

test.concurrent('a cluster whose nodes do not fit together any more is formed anew', async ({
  expect,
  onTestFinished,
}) => {
  const dataDir = scratchFolder(onTestFinished);
  const first = await started(onTestFinished, { mode: 'cluster', dataDir });
  const [stranger] = first.nodes;
  const client = new Redis({ port: stranger?.port ?? 0, host: '127.0.0.1' });
  await client.call('CLUSTER', 'RESET', 'HARD');
  client.disconnect();
  await first.stop();

  const second = await started(onTestFinished, { mode: 'cluster', dataDir });

  expect(await clusterClient(onTestFinished, second).set('any', '1')).toBe('OK');
});

test.concurrent('a replica takes over from a killed master, and the old master comes back as its replica', async ({
  expect,
  onTestFinished,
}) => {
  const servers = await started(onTestFinished, {
    mode: 'cluster',
    dataDir: scratchFolder(onTestFinished),
    nodeTimeoutMs: 1_000,
  });
  const [master] = servers.nodes;

  await master?.kill();
  await master?.exited;
  const others = servers.nodes.slice(1).map(({ port }) => new Redis({ port, host: '127.0.0.1' }));
  onTestFinished(() => others.forEach((other) => other.disconnect()));
  const roles = (): Promise<readonly string[]> => Promise.all(others.map(role));
  await expect.poll(async () => (await roles()).filter((name) => name === 'master').length, SOON).toBe(3);

  await master?.restart();
  const returned = new Redis({ port: master?.port ?? 0, host: '127.0.0.1' });
  onTestFinished(() => returned.disconnect());
  await expect.poll(() => role(returned), SOON).toBe('slave');
});

const SOON = { timeout: 20_000, interval: 50 };

async function role(client: Redis): Promise<string> {
  const [name] = (await client.role()) as [string];
  return name;
}

async function started(onTestFinished: OnTestFinished, options: RedisOptions): Promise<RedisServers> {
  const servers = await startRedis(options);
  onTestFinished(() => servers.stop());
  return servers;
}

function connected(onTestFinished: OnTestFinished, servers: RedisServers): Redis {
  const client = new Redis({ port: servers.nodes[0]?.port ?? 0, host: '127.0.0.1' });
  client.on('error', () => undefined); // the server is killed on purpose
  onTestFinished(() => client.disconnect());
  return client;
}

function clusterClient(onTestFinished: OnTestFinished, servers: RedisServers): Cluster {
  const cluster = new Cluster(
    servers.nodes.map(({ port }) => ({ host: '127.0.0.1', port })),
    { shardedSubscribers: true },
  );
  onTestFinished(() => cluster.disconnect());
  return cluster;
}

async function nodeIds(servers: RedisServers): Promise<readonly string[]> {
  return Promise.all(
    servers.nodes.map(async ({ port }) => {
      const client = new Redis({ port, host: '127.0.0.1' });
      const id = await client.cluster('MYID');
      client.disconnect();
      return id;
    }),
  );
}
