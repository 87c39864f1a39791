import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { programEntry } from './program-entry.js';

let root = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'parlance-entry-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
});

test('the modules run where there is no bundle', () => {
  built('services/gateway/dist/.tsbuildinfo', 1);
  expect(programEntry(root, 'services/gateway')).toBe(join(root, 'services/gateway/dist/main.js'));
});

test('the bundle runs that was made after everything in it', () => {
  for (const each of ['services/gateway', 'proto', 'services/libs/runtime']) built(`${each}/dist/.tsbuildinfo`, 1);
  built('services/chat-service/dist/.tsbuildinfo', 3); // not in it
  built('services/gateway/dist-bundle/main.js', 2);
  expect(programEntry(root, 'services/gateway')).toBe(join(root, 'services/gateway/dist-bundle/main.js'));
});

test.each(['services/gateway', 'proto', 'services/libs/storage'])(
  'the modules run when %s was built later',
  (later) => {
    built('services/gateway/dist-bundle/main.js', 2);
    built(`${later}/dist/.tsbuildinfo`, 3);
    expect(programEntry(root, 'services/gateway')).toBe(join(root, 'services/gateway/dist/main.js'));
  },
);

function built(path: string, atSeconds: number): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), '');
  utimesSync(join(root, path), atSeconds, atSeconds);
}
