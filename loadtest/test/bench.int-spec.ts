import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const main = fileURLToPath(new URL('../dist/bench/main.js', import.meta.url));

test('a load tells what a message cost each process, and that everything came', async () => {
  const { exitCode, output } = await bench(
    'dense',
    '--system',
    'L0',
    '--rate',
    '100',
    '--seconds',
    '1',
    '--warm',
    '1',
    '--json',
  );
  expect(exitCode).toBe(0);
  const { result, cpu } = JSON.parse(output) as {
    readonly result: {
      readonly sent: number;
      readonly acked: number;
      readonly deliveries: number;
      readonly faults: object;
    };
    readonly cpu: readonly { readonly name: string }[];
  };
  expect(result).toMatchObject({ sent: 100, acked: 100, deliveries: 1_000 });
  expect(Object.values(result.faults).every((count) => count === 0)).toBe(true);
  expect(cpu.map(({ name }) => name)).toEqual(['server', 'mongod', 'redis']);
});

test('an unknown target is refused with the list of targets', async () => {
  const { exitCode, errors } = await bench('P99');
  expect(exitCode).toBe(2);
  expect(errors).toContain('There is no target "P99".');
  expect(errors).toMatch(/P1 .*capacity/);
});

test('help is an answer, not a refusal', async () => {
  expect(await bench('--help')).toMatchObject({ exitCode: 0, errors: '' });
});

function bench(...args: readonly string[]): Promise<{ exitCode: number; output: string; errors: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], { cwd: join(main, '..') }, (error, output, errors) => {
      resolve({ exitCode: error === null ? 0 : Number(error.code), output, errors });
    });
  });
}
