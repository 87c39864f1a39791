import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadLocations } from '../locations.config.js';
import { findVersitygw } from './find-versitygw.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'find-versitygw-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

it('finds the one that is named, then the PATH, then the cache, and none where none is', async () => {
  const env = { PARLANCE_DIR: folder, PATH: `${join(folder, 'a')}:${join(folder, 'b')}` };
  expect(await findVersitygw(loadLocations(env))).toBeUndefined();
  const cached = await program('cache/versitygw/versitygw');
  expect(await findVersitygw(loadLocations(env))).toBe(cached);
  await program('a/versitygw', 0o644);
  const onPath = await program('b/versitygw');
  expect(await findVersitygw(loadLocations(env))).toBe(onPath);
  const named = await program('mine');
  expect(await findVersitygw(loadLocations({ ...env, VERSITYGW_BIN: named }))).toBe(named);
  const wrong = loadLocations({ ...env, VERSITYGW_BIN: join(folder, 'none') });
  await expect(findVersitygw(wrong)).rejects.toThrow('VERSITYGW_BIN');
});

async function program(path: string, mode = 0o755): Promise<string> {
  const file = join(folder, path);
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, '#!/bin/sh\n');
  await chmod(file, mode);
  return file;
}
