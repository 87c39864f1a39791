import { once } from 'node:events';
import { createServer } from 'node:net';
import { type Collection, MongoClient } from 'mongodb';
import { expect, onTestFinished, test } from 'vitest';
import { freePorts, isPortFree, type MongoOptions, type MongoServers, startMongo } from '../src/index.js';
import { processIdentity } from '../src/process/process-identity.js';
import { scratchFolder } from './scratch-folder.js';

test('a replica set of one takes majority writes and its data survives a SIGKILL and new ports', async () => {
  const dataDir = scratchFolder(onTestFinished);
  const first = await started({ replicas: 1, dataDir });
  await notes(first, (collection) => collection.insertOne({ text: 'kept' }));
  await first.nodes[0]?.kill();

  const second = await started({ replicas: 1, dataDir });

  expect(second.uri).not.toBe(first.uri);
  expect(await notes(second, (collection) => collection.countDocuments({ text: 'kept' }))).toBe(1);
});

test('three members elect another primary when theirs is killed, and the killed one comes back into step', async () => {
  const servers = await started({ replicas: 3, dataDir: scratchFolder(onTestFinished), electionTimeoutMillis: 500 });
  await notes(servers, (collection) => collection.insertOne({ text: 'before' }));
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

test('three members that were all killed come back on other ports with their data', async () => {
  const dataDir = scratchFolder(onTestFinished);
  const first = await started({ replicas: 3, dataDir });
  await notes(first, (collection) => collection.insertOne({ text: 'kept' }));
  await Promise.all(first.nodes.map((node) => node.kill()));

  const second = await started({ replicas: 3, dataDir });

  expect(second.nodes.map(({ port }) => port)).not.toEqual(first.nodes.map(({ port }) => port));
  expect(await notes(second, (collection) => collection.countDocuments({ text: 'kept' }))).toBe(1);
});

test('a set of one grows to three members and keeps its data, but does not shrink again', async () => {
  const dataDir = scratchFolder(onTestFinished);
  const one = await started({ replicas: 1, dataDir });
  await notes(one, (collection) => collection.insertOne({ text: 'kept' }));
  await one.stop();

  const three = await started({ replicas: 3, dataDir });
  expect(await notes(three, (collection) => collection.countDocuments({ text: 'kept' }))).toBe(1);
  await three.stop();

  await expect(startMongo({ replicas: 1, dataDir })).rejects.toThrow('a replica set of 3 members');
});

test('a paused member can be continued and stopped', async () => {
  const servers = await started({ replicas: 1, dataDir: scratchFolder(onTestFinished) });
  const [node] = servers.nodes;
  await node?.pause();
  await node?.cont();
  expect(await notes(servers, (collection) => collection.countDocuments())).toBe(0);
  await node?.pause();
  const exited = node?.exited;
  await node?.stop();
  expect(await exited).toMatchObject({ asked: true, code: 0 });
});

test('a killed member is alive until all of its threads have ended, so that its port is free when it is gone', async () => {
  const servers = await started({ replicas: 1, dataDir: scratchFolder(onTestFinished) });
  const [node] = servers.nodes;
  const pid = node?.pid ?? 0;
  expect(processIdentity(pid)).toBeDefined();
  process.kill(pid, 'SIGKILL');
  while (processIdentity(pid) !== undefined); // without a pause, in which this process would bury its child
  expect(await isPortFree(node?.port ?? 0)).toBe(true);
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
