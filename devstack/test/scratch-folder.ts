import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'vitest';

/** A new folder that is removed when the test is over. Ask for it before starting servers in it: what came last is cleaned up first. */
export function scratchFolder(onTestFinished: OnTestFinished): string {
  const folder = mkdtempSync(join(tmpdir(), 'parlance-devstack-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Cleans up after one test; from its context, because tests that run at the same time cannot share the global one. */
export type OnTestFinished = TestContext['onTestFinished'];
