import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startTestStack, type TestStack } from '@parlance/devstack';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeOfVersion } from './node-of-version.js';

const run = promisify(execFile);
const repository = fileURLToPath(new URL('../../../', import.meta.url));

/** The oldest Node that README.md promises, and the newest one. */
const supported = ['20.0.0', '26.10.0'];

describe('the package in an empty folder', () => {
  let folder: string;
  let stack: TestStack;
  let program: string;
  let output: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parlance-package-'));
    const packed = join(folder, 'packed');
    await run(process.execPath, [join(repository, 'k8s/dist/packages/main.js'), '--into', packed]);
    const version = await versionOf(join(repository, 'clients/typescript'));
    await writeFile(join(folder, 'package.json'), '{ "private": true }');
    const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
    const tarball = join(packed, `parlance-client-${version}.tgz`);
    [stack] = await Promise.all([startTestStack(), run('npm', ['install', ...flags, tarball], { cwd: folder })]);
    const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
    program = blockBehind(readme, 'file talk.mjs');
    output = blockBehind(readme, 'output');
    await writeFile(join(folder, 'talk.mjs'), program);
    await writeFile(join(folder, 'talk.cjs'), asCommonJs(program));
  });

  afterAll(async () => {
    await stack?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  it('brings socket.io-client along and nothing of this repository', async () => {
    const { dependencies } = JSON.parse(
      await readFile(join(folder, 'node_modules/@parlance/client/package.json'), 'utf8'),
    ) as { readonly dependencies: Readonly<Record<string, string>> };
    expect(Object.keys(dependencies)).toEqual(['socket.io-client']);
    const lock = await readFile(join(folder, 'package-lock.json'), 'utf8');
    expect(lock.match(/"node_modules\/@parlance\/[^"]+"/g)).toEqual(['"node_modules/@parlance/client"']);
  });

  it.for(supported)('runs the program of the README on Node %s, as a module and as CommonJS', async (version) => {
    const node = await nodeOfVersion(version);
    for (const file of ['talk.mjs', 'talk.cjs']) {
      const { stdout, stderr } = await run(node, [file], {
        cwd: folder,
        env: { PATH: process.env['PATH'], PARLANCE_URL: stack.gateways[0].url },
        timeout: 60_000,
      });
      expect({ stdout, stderr }, file).toEqual({ stdout: output, stderr: '' });
    }
  });
});

/** The block behind a marker of the walk. */
function blockBehind(page: string, marker: string): string {
  const [, block] = new RegExp(`<!-- walk: ${marker} -->\\n\`\`\`\\w*\\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(page) ?? [];
  if (block === undefined) throw new Error(`README.md has no block behind "walk: ${marker}"`);
  return block;
}

/** The same program for `require`, which has no `await` outside of functions. */
function asCommonJs(program: string): string {
  const required = program.replaceAll(/^import (\{[^}]*\}) from ('[^']*');$/gm, 'const $1 = require($2);');
  return `(async () => {\n${required}})();\n`;
}

async function versionOf(workspace: string): Promise<string> {
  return (JSON.parse(await readFile(join(workspace, 'package.json'), 'utf8')) as { readonly version: string }).version;
}
