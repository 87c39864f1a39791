import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { defineConfig } from './declaration/define-config.js';
import { variable } from './declaration/variable.js';
import { loadConfig } from './load-config.js';
import { runtimeVariables } from './variables/runtime-variables.js';

const definition = defineConfig('example', {
  port: variable({ env: 'PORT', doc: 'TCP port.', schema: z.coerce.number().int().default(3000) }),
  password: variable({ env: 'PASSWORD', doc: 'Password.', schema: z.string().min(4).optional(), secret: true }),
  logLevel: runtimeVariables.logLevel,
});

class Exit extends Error {
  constructor(readonly code: number) {
    super(`exit ${code}`);
  }
}

function run(argv: readonly string[], env: Record<string, string>) {
  const output = { stdout: '', stderr: '' };
  const sink = (name: 'stdout' | 'stderr') => ({ write: (text: string) => (output[name] += text) });
  const exit = (code: number): never => {
    throw new Exit(code);
  };
  try {
    const value = loadConfig(definition, { argv, env, exit, stdout: sink('stdout'), stderr: sink('stderr') });
    return { ...output, value, code: undefined };
  } catch (thrown) {
    if (!(thrown instanceof Exit)) throw thrown;
    return { ...output, code: thrown.code };
  }
}

describe('loadConfig', () => {
  it('returns the configuration and prints nothing when all is well', () => {
    expect(run([], { PORT: '80' })).toEqual({ stdout: '', stderr: '', value: { port: 80, logLevel: 'info' } });
  });

  it('prints all faults and exits with 78 when it cannot start', () => {
    const { code, stderr } = run([], { PORT: 'x', PASSWORD: 'abc' });
    expect(code).toBe(78);
    expect(stderr).toMatch(
      /^example: 2 faults in the configuration\n {2}PORT .*\n {2}PASSWORD .*\nSee all variables with --help\.\n$/,
    );
  });

  it('shows every value with its origin for --check-config, but no secret', () => {
    const { code, stdout } = run(['--check-config'], { PASSWORD: 'hunter2', LOG_LEVEL: '' });
    expect(code).toBe(0);
    expect(stdout).toBe('PORT=3000  # default\nPASSWORD=***  # env\nLOG_LEVEL=info  # default\n');
  });

  it('reads a secret from the file that is named, and says so', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'parlance-config-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const path = join(folder, 'password');
    await writeFile(path, 'hunter2\n');
    expect(run([], { PASSWORD_FILE: path })).toMatchObject({ value: { password: 'hunter2' } });
    expect(run(['--check-config'], { PASSWORD_FILE: path }).stdout).toContain('PASSWORD=***  # file\n');
    const missing = run([], { PASSWORD_FILE: `${path}.none` });
    expect(missing).toMatchObject({
      code: 78,
      stderr: expect.stringContaining(`PASSWORD_FILE cannot be read: ${path}.none`),
    });
  });

  it('says unset for an optional value without one', () => {
    expect(run(['--check-config'], {}).stdout).toContain('PASSWORD=  # unset\n');
  });

  it('exits with 1 for --check-config when something is wrong', () => {
    const { code, stdout, stderr } = run(['--check-config'], { PORT: 'x' });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('PORT');
  });

  it('explains every variable for --help, even when the environment is wrong', () => {
    const { code, stdout } = run(['--help'], { PORT: 'x' });
    expect(code).toBe(0);
    for (const text of [
      'PORT  (integer; default 3000)',
      'PASSWORD  (text, at least 4 characters; default unset; secret, or its file in PASSWORD_FILE)',
      'TCP port.',
      '--check-config',
    ]) {
      expect(stdout).toContain(text);
    }
  });
});
