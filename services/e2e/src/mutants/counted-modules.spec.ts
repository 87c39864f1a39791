import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { changedModules, readCounts, sourcesOf } from './counted-modules.js';
import { type ModuleName, modules } from './modules.js';
import { scoreTable } from './score-table.js';

const root = join(import.meta.dirname, '../../../..');
const quick = (Object.keys(modules) as ModuleName[]).filter((name) => !modules[name].needsServers);

it('takes a module for changed once one of its files is another than was counted, whatever else was written', async () => {
  const copy = await mkdtemp(join(tmpdir(), 'parlance-mutants-'));
  onTestFinished(() => rm(copy, { recursive: true }));
  for (const path of quick.flatMap((name) => modules[name].mutate)) await cp(join(root, path), join(copy, path));
  const count = { day: '2026-11-29', killed: 1, survived: 0, unreached: 0, explained: 0 };
  const counts = Object.fromEntries(quick.map((name) => [name, { ...count, sources: sourcesOf(copy, name) }]));
  expect(changedModules(copy, counts)).toEqual(['gateway-policies']);
  await writeFile(join(copy, modules['chat-policies'].mutate[2] ?? ''), 'another');
  expect(changedModules(copy, counts)).toEqual(['chat-policies']);
});

it('shows on its page what is written down', async () => {
  expect(await readFile(join(root, 'services/e2e/README.md'), 'utf8')).toContain(scoreTable(readCounts(root)));
});
