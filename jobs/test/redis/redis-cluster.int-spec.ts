import { Cluster, Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { exitCode } from '../../src/index.js';
import { runJob } from '../fixtures/run-job.js';
import { type RedisTestNodes, startRedisNodes } from '../fixtures/start-redis-nodes.js';

let nodes: RedisTestNodes;
beforeAll(async () => {
  nodes = await startRedisNodes(6);
});
afterAll(() => nodes[Symbol.asyncDispose]());

interface Run {
  readonly code: number;
  readonly said: string;
}

/** Runs a command as the command line does; `stopAt` ends it at that checkpoint, as a kill would. */
function jobs(args: readonly string[], stopAt?: string, addresses = nodes.addresses): Promise<Run> {
  return runJob(args, { REDIS_NODES: addresses.join(',') }, async (name) => {
    if (name === stopAt) throw new Error(`killed at ${name}`);
  });
}

async function onNode<Result>(address: string, work: (redis: Redis) => Promise<Result>): Promise<Result> {
  const redis = new Redis(`redis://${address}`);
  try {
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}

const first = (): string => nodes.addresses[0] as string;

/** Writes and reads a key of every master through a client of the cluster. */
async function serves(): Promise<boolean> {
  const startAt = nodes.addresses.map((address) => `redis://${address}`);
  const cluster = new Cluster(startAt, { slotsRefreshTimeout: 5_000 });
  try {
    for (const key of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) {
      await cluster.set(key, key);
      if ((await cluster.get(key)) !== key) return false;
    }
    return true;
  } finally {
    cluster.disconnect();
  }
}

it('leaves alone an empty node that holds keys, nodes that are too few, and what is no cluster yet', async () => {
  expect(await jobs(['redis-heal', '--dry-run'])).toMatchObject({ code: exitCode.refused });
  const five = nodes.addresses.slice(1);
  expect(await jobs(['redis-bootstrap', '--patience', '0'], undefined, five)).toMatchObject({
    code: exitCode.refused,
    said: expect.stringContaining('lead to 5') as string,
  });
  expect(await jobs(['redis-bootstrap', '--patience', '0'], undefined, [...five, '127.0.0.1:1'])).toMatchObject({
    code: exitCode.failed,
    said: expect.stringMatching(/127\.0\.0\.1:1 cannot be reached: ECONNREFUSED/) as string,
  });
  // A name and an address of one node are one node.
  const twice = [...five, (five[0] as string).replace('127.0.0.1', 'localhost')];
  expect(await jobs(['redis-bootstrap', '--patience', '0'], undefined, twice)).toMatchObject({
    code: exitCode.refused,
  });
});

it('prints what it would do and changes nothing', async () => {
  const dry = await jobs(['redis-bootstrap', '--dry-run']);
  expect(dry.code).toBe(exitCode.done);
  expect(dry.said).toMatch(/1\. give slots 0-5460 to .*\n {3}because 16384 of 16384 slots have no owner/);
  expect(dry.said).toContain('30 times CLUSTER MEET');
  await onNode(first(), async (redis) => {
    expect(await redis.cluster('INFO')).toContain('cluster_slots_assigned:0');
  });
});

it('forms the cluster although it is killed at every step, and then finds nothing to do', async () => {
  for (const step of ['giveSlots', 'introduce', 'follow', 'awaitHealthy']) {
    expect(await jobs(['redis-bootstrap'], `redis:${step}`)).toMatchObject({ code: exitCode.failed });
  }
  // Two at once: each finds what the other has done.
  const both = await Promise.all([jobs(['redis-bootstrap']), jobs(['redis-bootstrap'])]);
  for (const each of both) expect(each).toMatchObject({ code: exitCode.done });
  const again = await jobs(['redis-bootstrap']);
  expect(again).toMatchObject({ code: exitCode.done, said: expect.stringContaining('nothing to do') as string });
  expect(await serves()).toBe(true);
  expect(await jobs(['redis-heal'])).toMatchObject({
    code: exitCode.done,
    said: 'nothing to do: all 6 nodes know each other and say cluster_state:ok\n',
  });
});

it('brings six nodes together again after all of them changed their addresses, with the same ids and slots', async () => {
  const before = await onNode(first(), (redis) => redis.cluster('MYID'));
  await nodes.moveAll('127.0.0.2');
  const healed = await jobs(['redis-heal']);
  expect(healed).toMatchObject({ code: exitCode.done });
  expect(healed.said).toContain('CLUSTER MEET');
  expect(await onNode(first(), (redis) => redis.cluster('MYID'))).toEqual(before);
  expect(await serves()).toBe(true);
});

it('takes in a replica that lost its disk, and keeps every key', async () => {
  const keys = await totalKeys();
  const replica = await replicaIndex();
  await nodes.lose(replica);
  await nodes.start(replica);
  const healed = await jobs(['redis-heal']);
  expect(healed).toMatchObject({ code: exitCode.done });
  expect(healed.said).toMatch(/make .* a replica of/);
  expect(healed.said).toMatch(/not there: node [0-9a-f]{40}/);
  expect(await totalKeys()).toBe(keys);
  expect(await serves()).toBe(true);
});

it('names the slots that nobody serves, and flushes nothing', async () => {
  const { master, replicas } = await masterWithReplicas();
  for (const index of [master, ...replicas]) await nodes.lose(index);
  const left = nodes.addresses.filter((_, index) => index !== master && !replicas.includes(index));
  const report = await jobs(['redis-heal', '--patience', '20'], undefined, left);
  expect(report).toMatchObject({ code: exitCode.found });
  expect(report.said).toMatch(/without an owner: slots \d+-\d+ of 16384/);
});

async function totalKeys(): Promise<number> {
  const sizes = await Promise.all(
    nodes.addresses.map((address) =>
      onNode(address, async (redis) =>
        (await redis.info('replication')).includes('role:master') ? await redis.dbsize() : 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function replicaIndex(): Promise<number> {
  const roles = await Promise.all(
    nodes.addresses.map((address) => onNode(address, (redis) => redis.info('replication'))),
  );
  return roles.findIndex((info) => info.includes('role:slave'));
}

async function masterWithReplicas(): Promise<{ master: number; replicas: number[] }> {
  const infos = await Promise.all(
    nodes.addresses.map((address) => onNode(address, (redis) => redis.info('replication'))),
  );
  const master = infos.findIndex((info) => info.includes('role:master') && info.includes('connected_slaves:1'));
  const port = nodes.addresses[master]?.split(':')[1];
  const replicas = infos.flatMap((info, index) => (info.includes(`master_port:${port}\r`) ? [index] : []));
  return { master, replicas };
}
