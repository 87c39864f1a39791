import { fork } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StoredSend } from '../src/index.js';
import { fileOutbox } from '../src-node/index.js';
import { lastingOutboxContract, outboxStoreContract } from './fixtures/outbox-store.contract.js';

let folder: string;
let files = 0;
const newFile = (): string => join(folder, `${++files}`, 'outbox.journal');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parlance-outbox-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('fileOutbox', () => {
  outboxStoreContract(() => Promise.resolve(fileOutbox(newFile())));
  lastingOutboxContract(() => {
    const path = newFile();
    return Promise.resolve({
      store: fileOutbox(path),
      again: () => Promise.resolve(fileOutbox(path)),
    });
  });

  it('does not grow with what has come and gone', async () => {
    const path = newFile();
    const store = fileOutbox(path);
    await store.put(send('stays'));
    const sizes: number[] = [];
    for (let index = 0; index < 500; index++) {
      await store.put(send(`${index}`));
      await store.remove(`${index}`);
      sizes.push((await stat(path)).size);
    }
    expect(Math.max(...sizes)).toBeLessThan(20_000);
    expect(await fileOutbox(path).all()).toEqual([send('stays')]);
  });

  it('has every message whose put had resolved when its program was killed, in order, wherever that was', async () => {
    for (let round = 0; round < 5; round++) {
      const path = newFile();
      const writer = fork(new URL('./fixtures/outbox-writer.ts', import.meta.url), [path], { stdio: 'pipe' });
      const kept: string[] = [];
      writer.on('message', (name: string) => {
        kept.push(name);
        if (kept.length === 60 * (round + 1)) writer.kill('SIGKILL');
      });
      const [, signal] = (await once(writer, 'close')) as [unknown, string];
      expect(signal).toBe('SIGKILL');
      const names = (await fileOutbox(path).all()).map(({ clientMessageId }) => clientMessageId);
      expect(names.slice(0, kept.length)).toEqual(kept);
      expect(names).toEqual(names.map((_, index) => `m${index}`));
    }
  });

  it('ignores a last line that was cut short, wherever it was, and goes on behind the whole ones', async () => {
    const path = newFile();
    const store = fileOutbox(path);
    for (const name of ['a', 'b']) await store.put(send(name));
    const whole = await readFile(path);
    await store.put(send('c'));
    const all = await readFile(path);
    for (let length = whole.length; length < all.length; length++) {
      await writeFile(path, all.subarray(0, length));
      const cut = fileOutbox(path);
      expect(await cut.all()).toEqual([send('a'), send('b')]);
      await cut.put(send('d'));
      expect(await fileOutbox(path).all()).toEqual([send('a'), send('b'), send('d')]);
    }
  });

  it('ignores zeros at the end, as a power cut may leave them', async () => {
    const path = newFile();
    await fileOutbox(path).put(send('a'));
    await appendFile(path, Buffer.alloc(4_096));
    const later = fileOutbox(path);
    await later.put(send('b'));
    expect(await fileOutbox(path).all()).toEqual([send('a'), send('b')]);
  });

  it('does not guess when a line in the middle is damaged, and changes nothing', async () => {
    const path = newFile();
    const store = fileOutbox(path);
    for (const name of ['a', 'b', 'c']) await store.put(send(name));
    const damaged = (await readFile(path, 'utf8')).replace('text of b', 'text" of b');
    await writeFile(path, damaged);
    const later = fileOutbox(path);
    await expect(later.all()).rejects.toThrow('line 3');
    await expect(later.put(send('d'))).rejects.toThrow('line 3');
    expect(await readFile(path, 'utf8')).toBe(damaged);
  });

  it('rejects while it cannot write, every message of a write that failed, and goes on when it can again', async () => {
    const path = newFile();
    await mkdir(path, { recursive: true });
    const store = fileOutbox(path);
    const results = await Promise.allSettled(['a', 'b', 'c'].map((name) => store.put(send(name))));
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    await rm(path, { recursive: true });
    await store.put(send('d'));
    expect(await store.all()).toEqual([send('d')]);
  });

  it('leaves a file alone that is none of its own', async () => {
    const path = newFile();
    await fileOutbox(path).put(send('a'));
    await writeFile(path, '{ "something": "else" }');
    await expect(fileOutbox(path).put(send('b'))).rejects.toThrow('not an outbox');
    expect(await readFile(path, 'utf8')).toBe('{ "something": "else" }');
  });

  it('can be read by nobody but its owner', async () => {
    const path = newFile();
    await fileOutbox(path).put(send('a'));
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });
});

function send(clientMessageId: string): StoredSend {
  const text = `text of ${clientMessageId}`;
  return { clientMessageId, userId: 'me', roomId: 'r', content: text, messageType: 'text', createdAt: 1 };
}
