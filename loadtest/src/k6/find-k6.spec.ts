import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findK6, type K6Places } from './find-k6.ts';

let folder: string;
let places: K6Places;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'find-k6-'));
  places = {
    k6Bin: undefined,
    searchPath: [join(folder, 'a'), join(folder, 'b')],
    cacheDir: join(folder, 'cache'),
    prebuiltToolsDir: join(folder, 'tools'),
  };
});

afterEach(() => rm(folder, { recursive: true, force: true }));

test('nothing is found where nothing is', async () => {
  expect(await findK6(places)).toBeUndefined();
});

test('K6_BIN comes before the PATH, the PATH before the cache', async () => {
  const cached = await program('cache/k6/k6');
  expect(await findK6(places)).toBe(cached);
  const onPath = await program('b/k6');
  expect(await findK6(places)).toBe(onPath);
  const named = await program('mine');
  expect(await findK6({ ...places, k6Bin: named })).toBe(named);
});

test('a K6_BIN that is no program is an error, also when there is another k6', async () => {
  await program('a/k6');
  await expect(findK6({ ...places, k6Bin: join(folder, 'none') })).rejects.toThrow('K6_BIN');
});

test('a file that may not be run is passed over', async () => {
  await program('a/k6', 0o644);
  const other = await program('b/k6');
  expect(await findK6(places)).toBe(other);
});

test('a prebuilt one is unpacked into the cache and is then found there', async (ctx) => {
  const plain = await program(`tools/k6-v1.8.1-${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`);
  await promisify(execFile)('xz', [plain]).catch(() => ctx.skip('xz is not installed'));
  const found = await findK6(places);
  expect(found).toBe(join(folder, 'cache', 'k6', 'k6'));
  expect((await promisify(execFile)(found ?? '')).stdout).toBe('it is me\n');
  expect(await readdir(join(folder, 'cache', 'k6'))).toEqual(['k6']);
  expect(await findK6({ ...places, prebuiltToolsDir: join(folder, 'none') })).toBe(found);
});

async function program(path: string, mode = 0o755): Promise<string> {
  const file = join(folder, path);
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, '#!/bin/sh\necho it is me\n');
  await chmod(file, mode);
  return file;
}
