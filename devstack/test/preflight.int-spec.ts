import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const FILE = join(import.meta.dirname, '..', 'preflight.cjs');
const { problem } = createRequire(import.meta.url)(FILE) as {
  problem: (node: string, os: string, cpu: string) => string | null;
};

test('on a machine that can run Parlance it says nothing', () => {
  const run = spawnSync(process.execPath, [FILE], { encoding: 'utf8' });
  expect([run.status, run.stdout, run.stderr]).toEqual([0, '', '']);
});

test.each([
  ['v22.15.0', 'linux', 'x64'],
  ['v24.21.0', 'darwin', 'arm64'],
])('Node %s on %s/%s will do', (node, os, cpu) => {
  expect(problem(node, os, cpu)).toBeNull();
});

test.each([
  ['v22.14.0', 'linux', 'x64', 'Found: Node v22.14.0'],
  ['v12.22.9', 'linux', 'x64', 'Found: Node v12.22.9'],
  ['v24.0.0', 'win32', 'x64', 'WSL 2'],
  ['v24.0.0', 'linux', 'ia32', 'Found: linux on ia32'],
])('Node %s on %s/%s will not do, and the message says what was found', (node, os, cpu, expected) => {
  expect(problem(node, os, cpu)).toContain(expected);
});

test('it uses no syntax that an old Node cannot read', () => {
  expect(readFileSync(FILE, 'utf8').replaceAll(/\/\/.*|\/\*[^]*?\*\//g, '')).not.toMatch(
    /\?\.|\?\?|=>|`|\b(?:const|let|class|import|async)\b/,
  );
});
