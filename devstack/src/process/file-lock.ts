import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { waitUntil } from '../wait-until.js';
import { isAlive, ownIdentity, type ProcessIdentity } from './process-identity.js';

/**
 * Takes the lock file at `path`, or tells which living process has it. A lock whose holder has died counts as free. The file
 * appears complete (by hard link), so nobody reads half a holder.
 */
export function tryFileLock(path: string): FileLock | LockHolder {
  mkdirSync(dirname(path), { recursive: true });
  const own = `${path}.${randomUUID()}`;
  writeFileSync(own, JSON.stringify(ownIdentity()));
  try {
    for (;;) {
      if (linked(own, path)) return { taken: true, release: () => rmSync(path, { force: true }) };
      const holder = lockHolder(path);
      if (holder !== undefined) return { taken: false, holder };
      moveStaleAside(path);
    }
  } finally {
    rmSync(own, { force: true });
  }
}

/** Waits for the lock up to `timeoutMs`; `onWait` hears once whom it waits for. */
export async function fileLock(
  path: string,
  timeoutMs: number,
  onWait: (holder: ProcessIdentity) => void,
): Promise<FileLock> {
  let told = false;
  return await waitUntil(
    () => {
      const lock = tryFileLock(path);
      if (lock.taken) return lock;
      if (!told) onWait(lock.holder);
      told = true;
      return undefined;
    },
    { what: `the lock ${path}`, timeoutMs, everyMs: 200 },
  );
}

/** The living process that has the lock, or `undefined`. */
export function lockHolder(path: string): ProcessIdentity | undefined {
  const holder = readHolder(path);
  return holder !== undefined && isAlive(holder) ? holder : undefined;
}

/** The lock is ours until `release()`. */
export interface FileLock {
  readonly taken: true;
  release(): void;
}

/** Somebody else has the lock. */
export interface LockHolder {
  readonly taken: false;
  readonly holder: ProcessIdentity;
}

function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function readHolder(path: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as ProcessIdentity;
  } catch {
    return undefined;
  }
}

/** Of several processes that find the same dead lock only one must remove it: whoever moved a living one by mistake puts it back. */
function moveStaleAside(path: string): void {
  const aside = `${path}.stale-${randomUUID()}`;
  try {
    renameSync(path, aside);
  } catch {
    return; // another one was faster
  }
  if (lockHolder(aside) !== undefined) linked(aside, path);
  rmSync(aside, { force: true });
}
