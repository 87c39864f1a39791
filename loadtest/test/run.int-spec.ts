import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { limitsOf } from '../src/catalogue/limits-of.ts';
import type { Scenario } from '../src/catalogue/scenario.ts';
import { scenarios } from '../src/catalogue/scenarios.ts';

const folder = mkdtempSync(join(tmpdir(), 'loadtest-run-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('node loadtest/dist/run.js', () => {
  test('--help explains itself, the scenarios and the exit codes', () => {
    const { status, stdout } = run(['--help']);
    expect(status).toBe(0);
    for (const [name, { about, variables, trends }] of Object.entries<Scenario>(scenarios)) {
      const block = stdout.slice(stdout.indexOf(`  ${name}: ${about}\n`)).split(/\n {2}(?=\S)/)[0];
      for (const variable of Object.keys({ ...variables, ...limitsOf(trends) }))
        expect(block).toContain(` ${variable}`);
    }
    expect(stdout).toContain('GATEWAY_URL');
    expect(stdout).toMatch(/^ {2}99 /m);
  });

  test('every script is a scenario that --help explains', () => {
    const scripts = readdirSync(fileURLToPath(new URL('../scenarios', import.meta.url)));
    const names = scripts.filter((name) => name.endsWith('.ts')).map((name) => name.replace('.ts', ''));
    expect(names.toSorted()).toEqual(Object.keys(scenarios).toSorted());
  });

  test('an unknown scenario ends with 2 and says which there are', () => {
    const { status, stderr } = run(['heavy']);
    expect(status).toBe(2);
    expect(stderr).toContain('there is no scenario "heavy"');
    expect(stderr).toContain('  fan-out: ');
  });

  test('without k6 it ends with 1 and says how to get one', () => {
    const { status, stderr } = run([]);
    expect(status).toBe(1);
    expect(stderr).toContain('go install go.k6.io/k6@');
  });

  test('a K6_BIN that is not there ends with 1', () => {
    const { status, stderr } = run([], { K6_BIN: join(folder, 'none') });
    expect(status).toBe(1);
    expect(stderr).toContain('K6_BIN names');
  });

  test('it hands its arguments and the gateway to k6, and the exit code back', () => {
    const k6 = program('echo "$@" "$GATEWAY_URL" "$GOGC"; exit 99');
    const { status, stdout } = run(['smoke', '--', '--quiet'], { K6_BIN: k6, GATEWAY_URL: 'http://127.0.0.1:9' });
    expect(status).toBe(99);
    expect(stdout).toMatch(
      /^run --no-usage-report .*--quiet \/.*\/scenarios\/smoke\.ts http:\/\/127\.0\.0\.1:9 400\n$/,
    );
  });

  test('a killed k6 is told by the exit code', () => {
    expect(run([], { K6_BIN: program('kill -TERM $$') }).status).toBe(143);
  });
});

/** Runs it where no k6 is but the one that `env` names. */
function run(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const entry = fileURLToPath(new URL('../dist/run.js', import.meta.url));
  return spawnSync(process.execPath, [entry, ...args], {
    encoding: 'utf8',
    env: { PATH: folder, PARLANCE_DIR: folder, PARLANCE_TOOLS_DIR: folder, ...env },
  });
}

function program(script: string): string {
  const file = join(folder, `k6-${script.length}`);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}
