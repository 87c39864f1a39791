import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
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
import { createUser, initiateSet, knowsUser, readSetState } from '../../src/bootstrap/replica-set.js';
import { exitCode } from '../../src/index.js';
import { readShards } from '../../src/mongo/cluster/cluster-shards.js';
import { mongoUser } from '../../src/mongo/cluster/mongo-user.js';
import { killAt, runJob } from '../fixtures/run-job.js';

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

/**
 * Runs `bootstrap` as the command line does; ends it at a checkpoint, as a kill between two steps would. `more` are shards beside those of
 * the cluster.
 */
async function bootstrap({
  stopAt,
  args = [],
  more = [],
}: {
  readonly stopAt?: number;
  readonly args?: readonly string[];
  readonly more?: readonly object[];
} = {}): Promise<{ readonly code: number; readonly said: string }> {
  const shards = cluster.shards.map(({ name, tier, hosts }) => ({ name, zone: tier, members: membersOf(hosts) }));
  const topology = {
    config: { name: cluster.config.name, members: membersOf(cluster.config.hosts) },
    shards: [...shards, ...more],
  };
  const env = { MONGO_URI: `${cluster.uri}parlance`, CLUSTER_TOPOLOGY: JSON.stringify(topology) };
  return await runJob(['bootstrap', ...args], env, killAt(stopAt));
}

it('makes a cluster of servers, ended after every step, and changes nothing when it is run again', async () => {
  for (let ends = 0; ends < 5; ends++) expect(await bootstrap({ stopAt: 1 })).toMatchObject({ code: exitCode.failed });
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

it('looks at the cluster that stands when a set is new to it: only that one is made and added', async () => {
  const { binary, port, folder } = await emptyMember('cold-1');
  const args = ['--shardsvr', '--replSet', 'cold-1', '--nounixsocket', '--wiredTigerCacheSizeGB', '0.25'];
  const place = ['--dbpath', folder, '--port', String(port), '--bind_ip', '127.0.0.1'];
  const mongod = await startProcess({
    name: 'mongo-cold-1',
    command: binary.path,
    args: [...args, ...place],
    env: binary.env ?? {},
    logFile: join(folder, 'log'),
    ready: ({ signal }) => waitForPort(port, { signal }),
  });
  try {
    const more = [{ name: 'cold-1', zone: 'cold', members: [`127.0.0.1:${port}`] }];
    const planned = await bootstrap({ args: ['--dry-run'], more });
    expect(planned.code).toBe(exitCode.done);
    expect([...planned.said.matchAll(/^\d+\. (.*)$/gm)].map(([, what]) => what)).toEqual([
      `initiate the replica set cold-1 of 127.0.0.1:${port}`,
      'add the shard cold-1',
      'put cold-1 into the zone cold',
      "create what is missing of the collections and indexes that are not a month's",
    ]);
    for (const stopAt of [1, 1, 1]) {
      expect(await bootstrap({ stopAt, more })).toMatchObject({ code: exitCode.failed });
    }
    expect(await bootstrap({ more })).toMatchObject({ code: exitCode.done });
    await using client = await MongoClient.connect(cluster.uri);
    const shards = await readShards(new ChatDatabase(client.db('parlance')));
    expect(shards.map(({ id, zones }) => [id, ...zones])).toEqual([
      ['cold-1', 'cold'],
      ['hot-1', 'hot'],
      ['warm-1', 'warm'],
    ]);
  } finally {
    await mongod.stop();
  }
});

/** Where a member without data is started. */
async function emptyMember(name: string) {
  const binary = await findMongod(silentProgress);
  const [port = 0] = await freePorts(1);
  const folder = join(dataDir, name);
  await mkdir(folder, { recursive: true });
  return { binary, port, folder };
}

/** A certificate for `localhost`, its key, and who signed it. */
const certificates = join(import.meta.dirname, '../../../services/libs/runtime/test/fixtures/tls');
const overTls = `&tls=true&tlsCAFile=${encodeURIComponent(join(certificates, 'test-ca.pem'))}`;

it.each([
  ['in plain', '127.0.0.1', ''],
  ['and takes TLS alone', 'localhost', overTls],
])('gives a set that asks for a key, %s, its configuration and its user', async (_, host, options) => {
  const { binary, port, folder } = await emptyMember(`keyed-${host}`);
  const keyfile = randomBytes(48).toString('base64');
  await writeFile(join(folder, 'key'), keyfile, { mode: 0o600 });
  const files = ['localhost.key', 'localhost.pem'].map((name) => readFile(join(certificates, name), 'utf8'));
  await writeFile(join(folder, 'both.pem'), (await Promise.all(files)).join('\n'), { mode: 0o600 });
  // As the chart writes them.
  const tlsArguments = [
    '--tlsMode=requireTLS',
    `--tlsCertificateKeyFile=${join(folder, 'both.pem')}`,
    `--tlsCAFile=${join(certificates, 'test-ca.pem')}`,
    '--tlsAllowConnectionsWithoutCertificates',
  ];
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
      ['--keyFile', join(folder, 'key'), '--nounixsocket', '--wiredTigerCacheSizeGB', '0.25'],
      ['--setParameter', 'enableLocalhostAuthBypass=false'],
      options === '' ? [] : tlsArguments,
    ),
    env: binary.env ?? {},
    logFile: join(folder, 'log'),
    ready: ({ signal }) => waitForPort(port, { signal }),
  });
  try {
    const member = `${host}:${port}`;
    const set = { name: 'keyed', members: [member] };
    const access = { mongoUri: 'mongodb://me:p%40ss@127.0.0.1:1/parlance?authSource=admin' + options, keyfile };
    const { user } = mongoUser(access.mongoUri);
    if (!user) throw new Error('there is a user');
    expect(await readSetState(set, access)).toEqual({ kind: 'fresh' });
    const plain = { ...access, mongoUri: access.mongoUri.replace(options, '') };
    expect((await readSetState(set, plain)).kind).toBe(options === '' ? 'fresh' : 'away');
    const waiting = { elapsedMs: () => performance.now(), patienceMs: 60_000, signal: new AbortController().signal };
    for (const _time of [1, 2]) await initiateSet(set, false, access, waiting);
    expect(await readSetState(set, access)).toEqual({ kind: 'formed', name: 'keyed', members: [member] });
    expect(await knowsUser(set, access, user)).toBe(false);
    for (const _time of [1, 2]) await createUser(set, access, user, { who: 'jobs', database: 'parlance' });
    const services = { name: 'services', password: 'secret', db: 'admin' };
    await createUser(set, access, services, { who: 'services', database: 'parlance' });
    expect(await knowsUser(set, access, user)).toBe(true);
    await using client = new MongoClient(`mongodb://me:p%40ss@${member}/parlance?authSource=admin${options}`, {
      retryWrites: false,
    });
    await client.db().collection('rooms').insertOne({});
    expect(await client.db().command({ compact: 'rooms', force: true })).toMatchObject({ ok: 1 });
    const uri = `mongodb://services:secret@${member}/parlance?authSource=admin${options}`;
    await using limited = new MongoClient(uri, { retryWrites: false });
    await limited.db().collection('rooms').insertOne({});
    expect(await limited.db().collection('rooms').countDocuments()).toBe(2);
    const refused = { message: expect.stringContaining('not authorized') as string };
    await expect(limited.db().command({ compact: 'rooms', force: true })).rejects.toMatchObject(refused);
    await expect(limited.db('elsewhere').collection('a').insertOne({})).rejects.toMatchObject(refused);
    await expect(limited.db('admin').command({ shutdown: 1 })).rejects.toMatchObject(refused);
  } finally {
    await mongod.stop();
  }
});
