import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Collection, MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { freePorts, isPortFree, type MongoOptions, type MongoServers, startMongo } from '../src/index.js';
import { processIdentity } from '../src/process/process-identity.js';
import { scratchFolder } from './scratch-folder.js';

test('a replica set of one takes majority writes; killed, its port is free once it is gone, and its data come back on another', async () => {
  const dataDir = scratchFolder(onTestFinished);
  const first = await started({ replicas: 1, dataDir });
  await notes(first, (collection) => collection.insertOne({ text: 'kept' }));
  const [node] = first.nodes;
  const pid = node?.pid ?? 0;
  expect(processIdentity(pid)).toBeDefined();
  process.kill(pid, 'SIGKILL');
  // It is alive until all of its threads have ended, so that its port is free when it is gone.
  while (processIdentity(pid) !== undefined); // without a pause, in which this process would bury its child
  expect(await isPortFree(node?.port ?? 0)).toBe(true);

  const second = await started({ replicas: 1, dataDir });

  expect(second.uri).not.toBe(first.uri);
  expect(await notes(second, (collection) => collection.countDocuments({ text: 'kept' }))).toBe(1);
});

// Steps of one set: each leaves it to the next.
describe('a replica set that grew from one member to three', () => {
  let dataDir: string;
  let servers: MongoServers;
  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'parlance-devstack-'));
    servers = await startMongo({ replicas: 1, dataDir });
  });
  afterAll(async () => {
    await servers.kill();
    rmSync(dataDir, { recursive: true, force: true });
  });

  test('has one member that can be paused and continued, and stopped while it is paused', async () => {
    await notes(servers, (collection) => collection.insertOne({ text: 'kept' }));
    const [node] = servers.nodes;
    await node?.pause();
    await node?.cont();
    expect(await notes(servers, (collection) => collection.countDocuments())).toBe(1);
    await node?.pause();
    const exited = node?.exited;
    await servers.stop();
    expect(await exited).toMatchObject({ asked: true, code: 0 });
  });

  test('keeps the data of the one', async () => {
    servers = await startMongo({ replicas: 3, dataDir, electionTimeoutMillis: 500 });
    expect(await notes(servers, (collection) => collection.countDocuments({ text: 'kept' }))).toBe(1);
  });

  test('elects another primary when its own is killed, which comes back into step', async () => {
    const dead = await servers.primary();

    await dead.kill();
    const heir = await servers.primary();

    expect(heir.name).not.toBe(dead.name);
    await notes(servers, (collection) => collection.insertOne({ text: 'after' }));
    await dead.restart();
    expect(dead.running).toBe(true);
    await notes(servers, (collection) =>
      collection.insertOne({ text: 'with all' }, { writeConcern: { w: 3, wtimeoutMS: 20_000 } }),
    );
  });

  test('does not shrink again', async () => {
    await Promise.all(servers.nodes.map((node) => node.kill()));
    await expect(startMongo({ replicas: 1, dataDir })).rejects.toThrow('a replica set of 3 members');
  });

  test('comes back on other ports with its data after all were killed', async () => {
    const ports = servers.nodes.map(({ port }) => port);
    servers = await startMongo({ replicas: 3, dataDir });

    expect(servers.nodes.map(({ port }) => port)).not.toEqual(ports);
    expect(await notes(servers, (collection) => collection.countDocuments())).toBe(3);
  });
});

test('a named port that is taken is an error, and nothing is started', async () => {
  const [port = 0] = await freePorts(1);
  const stranger = createServer().listen(port, '127.0.0.1');
  await once(stranger, 'listening');
  onTestFinished(() => void stranger.close());

  await expect(startMongo({ replicas: 1, dataDir: scratchFolder(onTestFinished), ports: [port] })).rejects.toThrow(
    `port ${port} is taken`,
  );
});

test('a member that cannot start is quoted, and the others are stopped', async () => {
  const ports = await freePorts(3);
  const start = startMongo({
    replicas: 3,
    dataDir: scratchFolder(onTestFinished),
    ports,
    setParameters: { noSuchParameter: 1 },
  });

  await expect(start).rejects.toThrow(/mongo-\d exited with code \d+.*noSuchParameter/s);
  expect(await Promise.all(ports.map(isPortFree))).toEqual([true, true, true]);
});

async function started(options: MongoOptions): Promise<MongoServers> {
  const servers = await startMongo(options);
  onTestFinished(() => servers.stop());
  return servers;
}

async function notes<T>(servers: MongoServers, use: (collection: Collection) => Promise<T>): Promise<T> {
  const client = new MongoClient(servers.uri, { writeConcern: { w: 'majority' } });
  try {
    return await use(client.db('test').collection('notes'));
  } finally {
    await client.close();
  }
}
