import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { exitCode } from '../exit-code.js';
import { Progress } from '../progress/progress.js';
import { TextReport } from '../report/text-report.js';
import { EnvFileSecretStore } from './env-file-secret-store.js';
import { FolderSecretStore } from './folder-secret-store.js';
import { initSecrets } from './init-secrets.js';
import { secretKinds } from './secret-kinds.js';

let folder: string;
let said: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parlance-secrets-'));
  said = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const context = () => ({
  run: 'run',
  newId: () => 'id',
  elapsedMs: () => 0,
  progress: new Progress({ now: () => {}, over: () => {} }, () => 0),
  report: new TextReport((text) => void said.push(text)),
  signal: new AbortController().signal,
  checkpoint: () => Promise.resolve(),
});
const stores = [
  { name: 'a file of variables', open: () => new EnvFileSecretStore(join(folder, 'secrets.env')) },
  { name: 'a folder', open: () => new FolderSecretStore(join(folder, 'secrets')) },
];
const all = { wanted: secretKinds, dryRun: false };

describe.each(stores)('secrets in $name', ({ open }) => {
  test('are made once, good, and never printed', async () => {
    expect(await initSecrets({ ...all, dryRun: true }, open(), context())).toBe(exitCode.done);
    expect((await open().read()).values.size).toBe(0);
    expect(await initSecrets(all, open(), context())).toBe(exitCode.done);
    const { values } = await open().read();
    expect([...values.keys()].toSorted()).toEqual(secretKinds.map(({ name }) => name).toSorted());
    for (const { name, fault } of secretKinds) expect(fault(values.get(name) ?? '')).toBeUndefined();
    for (const value of values.values()) expect(said.join('')).not.toContain(value);
    expect(await initSecrets(all, open(), context())).toBe(exitCode.done);
    expect((await open().read()).values).toEqual(values);
    expect(said.at(-1)).toMatch(/^nothing to do/);
  });

  test('that are there stay, and are named where no process would start with them', async () => {
    const store = open();
    await store.add(new Map([['JWT_SECRET', 'short']]), await store.read());
    expect(await initSecrets(all, open(), context())).toBe(exitCode.found);
    expect((await open().read()).values.get('JWT_SECRET')).toBe('short');
    expect(said.join('')).toContain('JWT_SECRET is left as it is, but it has an item of fewer than 32 characters');
  });

  test('are made by one of two runs at a time', async () => {
    const wanted = secretKinds.slice(0, 1);
    const runs = await Promise.allSettled([1, 2].map(() => initSecrets({ wanted, dryRun: false }, open(), context())));
    expect(runs.some(({ status }) => status === 'fulfilled')).toBe(true);
    const { values } = await open().read();
    expect(values.size).toBe(1);
    expect(said.filter((text) => text.startsWith('made '))).toHaveLength(1);
  });
});

test('a file keeps its lines, and is for its owner only', async () => {
  const path = join(folder, 'secrets.env');
  await writeFile(path, '# ours\nexport JWT_SECRET="a value with = and more than 32 characters"\nOTHER=1');
  await initSecrets(all, new EnvFileSecretStore(path), context());
  const text = await readFile(path, 'utf8');
  expect(text).toMatch(/^# ours\nexport JWT_SECRET=".*"\nOTHER=1\nSERVICE_CREDENTIAL=/);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toEqual(['secrets.env']);
});

test('a lock that was left is named', async () => {
  await writeFile(join(folder, 'secrets.env.lock'), '');
  const run = initSecrets(all, new EnvFileSecretStore(join(folder, 'secrets.env')), context());
  await expect(run).rejects.toThrow('secrets.env.lock says that another run writes');
});
