import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  findMongod,
  freePorts,
  type ShardedMongo,
  silentProgress,
  startProcess,
  startShardedMongo,
  waitForPort,
} from '@parlance/devstack';
import { ChatDatabase } from '@parlance/storage';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createUser, initiateSet, knowsUser, readSetState } from '../src/bootstrap/set-links.js';
import { exitCode, runJobs } from '../src/index.js';
import { readShards } from '../src/mongo/cluster/cluster-shards.js';
import { mongoUser } from '../src/mongo/cluster/mongo-user.js';

/** Of `hot-1/127.0.0.1:1,127.0.0.1:2`. */
const membersOf = (hosts: string): string[] => hosts.slice(hosts.indexOf('/') + 1).split(',');

let dataDir: string;
let cluster: ShardedMongo;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'parlance-bootstrap-'));
  const shards = { hot: 1, warm: 1, cold: 0 };
  cluster = await startShardedMongo({ dataDir: join(dataDir, 'cluster'), shards, join: 'later' });
});
afterAll(async () => {
  await cluster.stop();
  await rm(dataDir, { recursive: true, force: true });
});

/** Runs `bootstrap` as the command line does; ends it at a checkpoint, as a kill between two steps would. */
async function bootstrap(stopAt?: number): Promise<{ readonly code: number; readonly said: string }> {
  const said: string[] = [];
  const sink = { write: (text: string) => said.push(text) };
  const topology = {
    config: { name: cluster.config.name, members: membersOf(cluster.config.hosts) },
    shards: cluster.shards.map(({ name, tier, hosts }) => ({ name, zone: tier, members: membersOf(hosts) })),
  };
  let passed = 0;
  const code = await runJobs({
    argv: ['bootstrap'],
    env: { MONGO_URI: `${cluster.uri}parlance`, CLUSTER_TOPOLOGY: JSON.stringify(topology) },
    stdout: sink,
    stderr: sink,
    exit: (status) => {
      throw new Error(`exit ${status}`);
    },
    signal: new AbortController().signal,
    async checkpoint() {
      passed += 1;
      if (passed === stopAt) throw new Error('killed');
    },
  });
  return { code, said: said.join('') };
}

it('makes a cluster of servers, ended after every step, and changes nothing when it is run again', async () => {
  for (let ends = 0; ends < 5; ends++) expect(await bootstrap(1)).toMatchObject({ code: exitCode.failed });
  expect(await bootstrap()).toMatchObject({ code: exitCode.done });
  await using client = await MongoClient.connect(cluster.uri);
  const database = new ChatDatabase(client.db('parlance'));
  const shards = await readShards(database);
  expect(shards.map(({ id, zones }) => [id, ...zones])).toEqual([
    ['hot-1', 'hot'],
    ['warm-1', 'warm'],
  ]);
  expect((await database.rooms.indexes()).map(({ name }) => name)).toContain('room');
  const again = await bootstrap();
  expect(again.code).toBe(exitCode.done);
  expect(again.said).toContain('1. create what is missing of the collections');
});

it('gives a set that asks for a key its configuration and its user', async () => {
  const binary = await findMongod(silentProgress);
  const [port] = await freePorts(1);
  const folder = join(dataDir, 'keyed');
  const keyfile = randomBytes(48).toString('base64');
  await mkdir(folder, { recursive: true });
  await writeFile(join(dataDir, 'key'), keyfile, { mode: 0o600 });
  const mongod = await startProcess({
    name: 'mongo-keyed',
    command: binary.path,
    args: [
      '--shardsvr',
      '--replSet',
      'keyed',
      '--dbpath',
      folder,
      '--port',
      String(port),
      '--bind_ip',
      '127.0.0.1',
    ].concat(
      ['--keyFile', join(dataDir, 'key'), '--nounixsocket', '--wiredTigerCacheSizeGB', '0.25'],
      ['--setParameter', 'enableLocalhostAuthBypass=false'],
    ),
    env: binary.env ?? {},
    logFile: join(dataDir, 'keyed.log'),
    ready: ({ signal }) => waitForPort(Number(port), { signal }),
  });
  try {
    const member = `127.0.0.1:${port}`;
    const set = { name: 'keyed', members: [member] };
    const access = { mongoUri: 'mongodb://me:p%40ss@127.0.0.1:1/parlance?authSource=admin', keyfile };
    const { user } = mongoUser(access.mongoUri);
    if (!user) throw new Error('there is a user');
    expect(await readSetState(set, access)).toEqual({ kind: 'fresh' });
    const waiting = { patienceMs: 60_000, signal: new AbortController().signal };
    for (const _ of [1, 2]) await initiateSet(set, false, access, waiting);
    expect(await readSetState(set, access)).toEqual({ kind: 'formed', name: 'keyed', members: [member] });
    expect(await knowsUser(set, access, user)).toBe(false);
    for (const _ of [1, 2]) await createUser(set, access, user, 'parlance');
    expect(await knowsUser(set, access, user)).toBe(true);
    await using client = new MongoClient(`mongodb://me:p%40ss@${member}/parlance?authSource=admin`, {
      retryWrites: false,
    });
    await client.db().collection('rooms').insertOne({});
    expect(await client.db().command({ compact: 'rooms', force: true })).toMatchObject({ ok: 1 });
  } finally {
    await mongod.stop();
  }
});
