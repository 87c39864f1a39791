import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repository } from '../k8s.config.js';
import { type PackedPackage, packPackage } from './pack-package.js';
import { publishedPackages } from './published-packages.js';

const run = promisify(execFile);
const { resolve } = createRequire(import.meta.url);

/** The newest compiler, and the last one that knows the oldest way to find a module. */
const compilers = { '7': join(repository, 'node_modules/typescript/bin/tsc'), '6': resolve('typescript/bin/tsc') };

/**
 * Each way to find a module, with each kind of file that finds it in another way; once beside the types of Node, which are many, and
 * elsewhere without: the package needs none but its own.
 */
const ways = [
  {
    compiler: '6',
    resolution: 'node10',
    module: 'commonjs',
    files: ['talk.ts'],
    flags: ['--ignoreDeprecations', '6.0'],
  },
  { compiler: '6', resolution: 'node16', module: 'node16', files: ['talk.cts', 'talk.mts'], flags: [] },
  {
    compiler: '7',
    resolution: 'nodenext',
    module: 'nodenext',
    files: ['talk.cts', 'talk.mts'],
    flags: ['--types', 'node'],
  },
  { compiler: '7', resolution: 'bundler', module: 'esnext', files: ['talk.ts'], flags: [] },
] as const;

describe('the tarball of the SDK', { timeout: 600_000 }, () => {
  let folder: string;
  let packed: PackedPackage;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parlance-types-'));
    const [client] = publishedPackages;
    if (client === undefined) throw new Error('nothing is published');
    packed = await packPackage(client, { address: undefined, into: folder });
    const installed = join(folder, 'node_modules/@parlance/client');
    await mkdir(installed, { recursive: true });
    await run('tar', ['xzf', packed.path, '--strip-components=1', '-C', installed]);
    await mkdir(join(folder, 'node_modules/@types'));
    await symlink(join(repository, 'node_modules/@types/node'), join(folder, 'node_modules/@types/node'));
    for (const file of ['talk.ts', 'talk.mts', 'talk.cts']) await writeFile(join(folder, file), program);
  }, 600_000);

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it.for(ways)(
    'has types that are found by TypeScript $compiler, moduleResolution $resolution, in $files',
    async (way) => {
      const { compiler, resolution, module, files, flags } = way;
      const kind = ['--module', module, '--moduleResolution', resolution, ...flags];
      const strict = ['--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess', '--target', 'es2022'];
      // No `skipLibCheck`: the declarations themselves are checked too. Only what a compiler brings along is taken as it is.
      const libraries = ['--lib', 'es2022,dom', '--skipDefaultLibCheck'];
      const options = ['--noEmit', '--ignoreConfig', ...libraries, ...strict, ...kind];
      const found = run(process.execPath, [compilers[compiler], ...options, ...files], { cwd: folder }).then(
        () => '',
        (failed: { readonly stdout: string }) => failed.stdout,
      );
      expect(await found).toBe('');
    },
  );

  it('has types of its own: none of them is in a workspace that is not published', async () => {
    const text = await readFile(join(folder, 'node_modules/@parlance/client/dist/index.d.ts'), 'utf8');
    expect(text).not.toMatch(/from ['"]/);
    expect(text).not.toContain('Internals');
  });

  it('is as large in a page as README.md says', async () => {
    const readme = await readFile(join(repository, 'clients/typescript/README.md'), 'utf8');
    const [, stated] = /^- size: ([\d.]+) kB in a page/m.exec(readme) ?? [];
    expect(Math.abs(packed.browserBytes - Number(stated) * 1_000)).toBeLessThan(500);
  });
});

/** Uses every entry, and types that come from the protocol. */
const program = `
import { type ChatMessage, indexedDbOutbox, type NewRoom, ParlanceClient, ParlanceError, type RoomView } from '@parlance/client';
import { fileOutbox } from '@parlance/client/node';

const room: NewRoom = { roomType: 'group', participants: ['bob'], metadata: { name: 'Lunch' } };
// @ts-expect-error There is no such type of room.
const none: NewRoom = { roomType: 'crowd', participants: [] };

export async function talk(url: string): Promise<ChatMessage | undefined> {
  const outbox = typeof indexedDB === 'undefined' ? fileOutbox('ann.outbox') : indexedDbOutbox();
  const client = new ParlanceClient({ url, getToken: () => 'token', outbox });
  client.on('room', (view: RoomView) => view.messages.at(-1)?.content.toUpperCase());
  client.on('error', (error) => error instanceof ParlanceError && error.code === 'UNAUTHENTICATED');
  // @ts-expect-error There is no such event.
  client.on('rain', () => undefined);
  await client.connect();
  const { roomId } = await client.createRoom(room);
  return client.send(roomId, 'Shall we have lunch?', { messageType: 'text' }).done;
}
export { none };
`;
