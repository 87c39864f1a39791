import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const program = fileURLToPath(new URL('../../dist/tiers/main.js', import.meta.url));

/** Runs the program behind `make test-tiers` as it is run by hand, and shows what it prints. */
async function runTiers(args: readonly string[]): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (data: Buffer) => {
    output += data.toString();
    process.stdout.write(data);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output };
}

it('loses and doubles nothing in seven months of people who talk and read while jobs are killed (a slice of make test-tiers)', async () => {
  const { code, output } = await runTiers(['--messages', '1000', '--rooms', '30', '--months', '7', '--kills', '3']);
  expect(output).toMatch(/^users erased +1$/m);
  expect(output).toMatch(/^rooms equal to the oracle +30 of 30$/m);
  expect(output).toMatch(/^rooms equal when restored +30 of 30$/m);
  expect(output).toMatch(/^anomalies +0$/m);
  expect(code).toBe(0);
}, 900_000);
