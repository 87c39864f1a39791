import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startTestStack } from '@parlance/devstack';
import { describe, expect, it } from 'vitest';

const run = promisify(execFile);
const compiler = fileURLToPath(new URL('../../../node_modules/typescript/bin/tsc', import.meta.url));
const compilerOptions = ['--strict', '--module', 'nodenext', '--target', 'es2024', '--types', 'node'];

describe('the program in the README', () => {
  it('is correctly typed, runs against a real stack, and prints what it says', async () => {
    const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
    const [, program = ''] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
    expect(program).toContain('ParlanceClient');
    const file = fileURLToPath(new URL('../dist/readme-example.ts', import.meta.url));
    const folder = await mkdtemp(join(tmpdir(), 'parlance-readme-'));
    await writeFile(file, program);
    try {
      await run(process.execPath, [compiler, '--noEmit', '--ignoreConfig', ...compilerOptions, file]);
      await using stack = await startTestStack();
      const { stdout, stderr } = await run(
        process.execPath,
        [file, stack.gateways[0].url, 'ann', 'bob', join(folder, 'outbox')],
        {
          timeout: 20_000,
        },
      );
      expect(stderr).toBe('');
      expect(stdout.trim().split('\n')).toEqual([
        '1 on its way',
        '#1 ann: Shall we have lunch?',
        'Shall we have lunch? is message 1',
      ]);
    } finally {
      await rm(file);
      await rm(folder, { recursive: true });
    }
  }, 120_000);
});
