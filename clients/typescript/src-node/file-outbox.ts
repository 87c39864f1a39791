import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { OutboxStore } from '@parlance/client';
import { type JournalLine, journalText, OutboxJournal } from './outbox-journal.js';

/**
 * An outbox in a file, for Node, from `@parlance/client/node`: a journal that is appended to and synced before a `put` resolves, so that what was put
 * outlives a `SIGKILL` and a power cut. It is written anew when it has become much longer than what is in it. The file and
 * its folder are made when something is put; only its owner can read it. One `fileOutbox` at a time may use it. Whatever cannot
 * be read or written rejects.
 *
 * @param path of the file. Beside it `<path>.new` is written.
 */
export function fileOutbox(path: string): OutboxStore {
  let journal: OutboxJournal | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let batch: Batch | undefined;
  /** One after another: what is called later finds what was called before. After a failure the file is read again. */
  const inTurn = <Result>(work: (journal: OutboxJournal) => Promise<Result> | Result, begun?: () => void) => {
    const own = last.then(async () => {
      begun?.();
      const present = journal ?? (await load(path));
      journal = undefined;
      const result = await work(present);
      journal = present;
      return result;
    });
    last = own.catch(() => undefined);
    return own;
  };
  /** What is called while a write is under way goes out together with the next one. */
  const write = (line: JournalLine): Promise<void> => {
    if (batch) {
      batch.lines.push(line);
      return batch.written;
    }
    const lines = [line];
    const begun = (): void => {
      if (batch?.lines === lines) batch = undefined;
    };
    const written = inTurn((present) => append(path, present, lines), begun);
    batch = { lines, written };
    return written;
  };
  return {
    all: () => {
      batch = undefined;
      return inTurn(({ sends }) => sends);
    },
    put: (put) => write({ put }),
    remove: (removed) => write({ removed }),
  };
}

interface Batch {
  readonly lines: JournalLine[];
  readonly written: Promise<void>;
}

async function load(path: string): Promise<OutboxJournal> {
  try {
    return new OutboxJournal(await readFile(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new OutboxJournal('');
    throw error;
  }
}

async function append(path: string, journal: OutboxJournal, lines: readonly JournalLine[]): Promise<void> {
  if (journal.isEmpty || journal.isTorn) await rewrite(path, journal);
  await writeFully(path, 'a', journalText(lines));
  journal.take(lines);
  if (journal.isLong) await rewrite(path, journal);
}

/** Replaces the file as a whole: whoever is killed meanwhile leaves the old one or the new one. */
async function rewrite(path: string, journal: OutboxJournal): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFully(`${path}.new`, 'w', journal.shortText);
  await rename(`${path}.new`, path);
  await syncFolder(dirname(path));
  journal.shortened();
}

async function writeFully(path: string, flags: 'a' | 'w', text: string): Promise<void> {
  const file = await open(path, flags, 0o600);
  try {
    await file.writeFile(text);
    await file.datasync();
  } finally {
    await file.close();
  }
}

/** A new name is on the disk when its folder is. Windows has no such call, and needs none. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
