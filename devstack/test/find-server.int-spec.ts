import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { findMongos } from '../src/binaries/find-mongos.js';
import { hostPlatform } from '../src/binaries/sources/host-platform.js';
import { mongodbArchive } from '../src/binaries/sources/mongodb-archive.js';
import { mongodbDownload } from '../src/binaries/sources/mongodb-download.js';
import type { PackageSource } from '../src/binaries/sources/package-source.js';
import { type FoundServer, findMongod, findRedis, freePorts, silentProgress } from '../src/index.js';
import { type Locations, loadLocations } from '../src/locations.config.js';
import { findRouter } from '../src/mongo/find-router.js';
import { scratchFolder } from './scratch-folder.js';

test('a program named by hand is used', async () => {
  const mongodBin = program(scratchFolder(onTestFinished), 'my-mongod', 'db version v7.0.1');
  expect(await findMongod(silentProgress, { locations: at({ mongodBin }) })).toMatchObject({
    path: mongodBin,
    version: '7.0.1',
    source: 'MONGOD_BIN',
  });
});

test.each([
  ['does not exist', undefined, 'cannot be run'],
  ['is something else', 'GNU bash, version 5', 'is no server known here'],
  ['is too old', 'Redis server v=6.2.1', 'is version 6.2.1; 7.0 is needed for sharded pub/sub'],
])(
  'a program named by hand that %s is an error with the variable, and nothing else is tried',
  async (_, says, reason) => {
    const folder = scratchFolder(onTestFinished);
    const redisServerBin = says === undefined ? join(folder, 'nothing') : program(folder, 'my-redis', says);
    const found = findRedis(silentProgress, { locations: at({ redisServerBin, searchPath: [usable(folder)] }) });
    await expect(found).rejects.toThrow(`REDIS_SERVER_BIN=${redisServerBin} cannot be used`);
    await expect(found).rejects.toThrow(reason);
  },
);

test('on the PATH, a server that is too old is passed over for one that will do', async () => {
  const folder = scratchFolder(onTestFinished);
  program(folder, 'redis-server', 'Redis server v=6.0.16 sha=0');
  const valkey = program(folder, 'valkey-server', 'Valkey server v=8.1.1 sha=0');
  expect(await findRedis(silentProgress, { locations: at({ searchPath: [folder] }) })).toMatchObject({
    path: valkey,
    product: 'valkey',
    source: 'PATH',
  });
});

test('when nothing works, one error lists what was tried in order, and what to do', async () => {
  const sources = [failing('First source', 'no network'), failing('Second source', 'no pip')];
  const locations = at({});
  await expect(findMongod(silentProgress, { locations, sources })).rejects.toThrow(
    [
      'No usable mongod (6.0 or later) was found. Tried, in this order:',
      '  1. MONGOD_BIN: not set',
      '  2. PATH: no mongod',
      `  3. cache ${join(locations.cacheDir, `mongod-${hostPlatform().key}`)}: nothing there yet`,
      '  4. First source: no network',
      '  5. Second source: no pip',
      'Install MongoDB 6.0 or later',
    ].join('\n'),
  );
  expect(readdirSync(locations.cacheDir)).toEqual([]);
});

test('what a source installs is found in the cache from then on, and a broken copy is installed again', async () => {
  const locations = at({});
  let installs = 0;
  const sources = [fakeSource('db version v8.0.17', () => installs++)];
  const first = await findMongod(silentProgress, { locations, sources });
  expect(await findMongod(silentProgress, { locations, sources })).toEqual(first);
  expect(installs).toBe(1);

  writeFileSync(first.path, 'not a program');
  expect(await findMongod(silentProgress, { locations, sources })).toEqual(first);
  expect(installs).toBe(2);
});

test('several searches at once install once', async () => {
  const locations = at({});
  let installs = 0;
  const sources = [fakeSource('db version v8.0.17', () => installs++)];
  const found = await Promise.all([1, 2, 3].map(() => findMongod(silentProgress, { locations, sources })));
  expect(new Set(found.map(({ path }) => path)).size).toBe(1);
  expect(installs).toBe(1);
});

test('the lock of a process that died while it installed holds nobody up', async () => {
  const locations = at({});
  mkdirSync(locations.cacheDir, { recursive: true });
  writeFileSync(join(locations.cacheDir, `mongod-${hostPlatform().key}.lock`), '{"pid":1,"startTime":"long ago"}');
  const found = await findMongod(silentProgress, { locations, sources: [fakeSource('db version v8.0.17')] });
  expect(found.version).toBe('8.0.17');
});

test("MongoDB's own archive is downloaded, compared with its published checksum and unpacked", async () => {
  const seen: string[] = [];
  const progress = {
    ...silentProgress,
    step: (text: string, amount?: object) => void seen.push(`${text} ${JSON.stringify(amount ?? {})}`),
  };
  const locations = at({});
  const found = await findMongod(progress, { locations, sources: [mongodbDownload(await site('good'), '8.0.17')] });
  expect(found).toMatchObject({ version: '8.0.17', source: "MongoDB's own download 8.0.17" });
  expect(readdirSync(join(found.path, '..')).toSorted()).toEqual(['mongod', 'mongos']);
  expect(seen.some((line) => /downloading .*"doneBytes":(\d+),"totalBytes":\1}/.test(line))).toBe(true);
});

test('an archive that does not match its checksum is not used', async () => {
  const locations = at({});
  const found = findMongod(silentProgress, { locations, sources: [mongodbDownload(await site('forged'), '8.0.17')] });
  await expect(found).rejects.toThrow(/has sha256 \w{64}, but 0000 is published/);
  expect(existsSync(join(locations.cacheDir, `mongod-${hostPlatform().key}`))).toBe(false);
});

test('a site that is not reachable is a reason in one line', async () => {
  const [port] = await freePorts(1);
  const found = findMongod(silentProgress, {
    locations: at({}),
    sources: [mongodbDownload(`http://127.0.0.1:${port}`)],
  });
  await expect(found).rejects.toThrow(`cannot reach 127.0.0.1:${port}: connect ECONNREFUSED`);
});

test('a mongos counts when it is of the series of the mongod, on the PATH or beside it', async () => {
  const [path, beside] = [scratchFolder(onTestFinished), scratchFolder(onTestFinished)];
  program(path, 'mongos', 'mongos version v7.0.1');
  const mongos = program(beside, 'mongos', 'mongos version v8.0.3');
  const found = await findMongos(mongodAt(beside, '8.0.17'), silentProgress, { locations: at({ searchPath: [path] }) });
  expect(found).toMatchObject({ path: mongos, product: 'mongos', version: '8.0.3' });
});

test('a mongos that is nowhere is downloaded in the version of the mongod', async () => {
  const sources = [mongodbDownload(await site('good'), '8.0.17', 'mongos')];
  const mongod = mongodAt(scratchFolder(onTestFinished), '8.0.17');
  const router = await findRouter(mongod, silentProgress, { locations: at({}), sources });
  expect(router.text).toBe("mongos 8.0.17 (MongoDB's own download 8.0.17)");
  expect(router.args(1, 'config/127.0.0.1:2')).toEqual(expect.arrayContaining(['--configdb', 'config/127.0.0.1:2']));
});

test('without a mongos a mongod 6.0 has a router of its own here, and no other version has', async () => {
  const folder = scratchFolder(onTestFinished);
  const locations = at({});
  const asked = failing("MongoDB's own download", 'no network');
  const router = await findRouter(mongodAt(folder, '6.0.5'), silentProgress, { locations, sources: [asked] });
  expect(router.text).toBe("the devstack's own router for mongod 6.0.5");
  const refused = findRouter(mongodAt(folder, '8.0.17'), silentProgress, { locations, sources: [asked] });
  await expect(refused).rejects.toThrow(/No usable mongos \(8\.0 or later\).*no network.*or use a mongod 6\.0/s);
});

test('a mongos named by hand that does not fit is an error, whatever else there is', async () => {
  const folder = scratchFolder(onTestFinished);
  const locations = at({ mongosBin: program(folder, 'my-mongos', 'mongos version v7.0.1') });
  const found = findRouter(mongodAt(folder, '6.0.5'), silentProgress, { locations });
  await expect(found).rejects.toThrow('is version 7.0.1; 6.0 is needed beside mongod 6.0.5');
});

function mongodAt(folder: string, version: string): FoundServer {
  return { path: program(folder, 'mongod', `db version v${version}`), product: 'mongod', version, source: 'test' };
}

function at(found: Partial<Locations>): Locations {
  return { ...loadLocations({}), cacheDir: join(scratchFolder(onTestFinished), 'cache'), searchPath: [], ...found };
}

function program(folder: string, name: string, says: string): string {
  const path = join(folder, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, `#!/bin/sh\necho '${says}'\n`);
  chmodSync(path, 0o755);
  return path;
}

function usable(folder: string): string {
  program(folder, 'redis-server', 'Redis server v=7.2.0');
  return folder;
}

function failing(name: string, reason: string): PackageSource {
  return { name, install: () => Promise.reject(new Error(reason)) };
}

function fakeSource(says: string, onInstall: () => void = () => undefined): PackageSource {
  return {
    name: 'fake source',
    install: async (folder) => {
      onInstall();
      program(folder, 'server', says);
      return { program: 'server', libraries: [], source: 'fake source' };
    },
  };
}

/** A download site with one archive of this machine's kind. */
async function site(checksum: 'good' | 'forged'): Promise<string> {
  const folder = scratchFolder(onTestFinished);
  const platform = hostPlatform();
  const archive = mongodbArchive(
    '8.0.17',
    platform,
    platform.os === 'linux' ? readFileSync('/etc/os-release', 'utf8') : '',
  );
  program(join(folder, 'mongodb-8.0.17', 'bin'), 'mongod', 'db version v8.0.17');
  program(join(folder, 'mongodb-8.0.17', 'bin'), 'mongos', 'mongos version v8.0.17');
  execFileSync('tar', ['-czf', 'archive.tgz', 'mongodb-8.0.17'], { cwd: folder });
  const content = readFileSync(join(folder, 'archive.tgz'));
  const sha256 = checksum === 'good' ? createHash('sha256').update(content).digest('hex') : '0000';
  const server = createServer((request, response) => {
    if (request.url === `/${archive}.sha256`)
      response.end(`${sha256}  ${archive.split('/')[1]}
`);
    else if (request.url !== `/${archive}`) response.writeHead(403).end();
    else {
      response.writeHead(200, { 'content-length': content.length });
      response.end(request.method === 'HEAD' ? undefined : content);
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => server.close().closeAllConnections());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}
