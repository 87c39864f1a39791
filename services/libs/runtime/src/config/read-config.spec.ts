import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { booleanFlag } from './boolean-flag.js';
import { csv } from './csv.js';
import { type ConfigOf, defineConfig } from './define-config.js';
import { durationMs } from './duration-ms.js';
import { readConfig } from './read-config.js';
import { variable } from './variable.js';

const definition = defineConfig(
  'example',
  {
    port: variable({ env: 'PORT', doc: 'Port.', schema: z.coerce.number().int().min(0).max(65_535).default(3000) }),
    origins: variable({ env: 'ORIGINS', doc: 'Origins.', schema: csv().default([]) }),
    pauseMs: variable({ env: 'PAUSE_MS', doc: 'Pause.', schema: durationMs().default(100) }),
    jwtSecret: variable({ env: 'JWT_SECRET', doc: 'Secret.', schema: z.string().min(8).optional(), secret: true }),
    devTokens: variable({
      env: 'DEV_TOKENS',
      doc: 'Dev.',
      schema: booleanFlag().default(false),
      forbiddenInProduction: true,
    }),
    name: variable({ env: 'NAME', doc: 'Name.', schema: z.string() }),
  },
  {
    rules: [
      ({ devTokens, jwtSecret }) =>
        devTokens && jwtSecret === undefined ? [{ env: 'JWT_SECRET', message: 'is needed by DEV_TOKENS' }] : [],
    ],
  },
);

function faultsOf(env: Record<string, string>) {
  const result = readConfig(definition, env);
  return result.ok ? [] : result.faults;
}

describe('readConfig', () => {
  it('gives parsed values and defaults under their names in code', () => {
    const result = readConfig(definition, { NAME: 'a', PORT: '80', ORIGINS: ' https://a.test, ,https://b.test ' });
    expect(result).toEqual({
      ok: true,
      value: { port: 80, origins: ['https://a.test', 'https://b.test'], pauseMs: 100, devTokens: false, name: 'a' },
    });
  });

  it('gives each value the type of its schema', () => {
    const result = readConfig(definition, { NAME: 'a' });
    if (!result.ok) throw new Error('faulty');
    const value: ConfigOf<typeof definition> = result.value;
    const typed: [number, readonly string[], string | undefined, boolean] = [
      value.port,
      value.origins,
      value.jwtSecret,
      value.devTokens,
    ];
    expect(typed).toEqual([3000, [], undefined, false]);
  });

  it('reports every fault at once, in the order of declaration', () => {
    const faults = faultsOf({ PORT: 'x', DEV_TOKENS: 'yes', PAUSE_MS: '0' });
    expect(faults.map(({ env }) => env)).toEqual(['PORT', 'PAUSE_MS', 'DEV_TOKENS', 'NAME']);
    expect(faults.at(-1)?.message).toBe('is required and not set');
  });

  it('takes an empty string for unset', () => {
    expect(faultsOf({ NAME: '' })).toEqual([{ env: 'NAME', message: 'is required and not set' }]);
    expect(readConfig(definition, { NAME: 'a', PORT: '' })).toMatchObject({ ok: true, value: { port: 3000 } });
  });

  it('never repeats a value in a fault', () => {
    expect(
      JSON.stringify(faultsOf({ NAME: 'a', JWT_SECRET: 'hunter2', PORT: 'hunter2', DEV_TOKENS: 'hunter2' })),
    ).not.toContain('hunter2');
  });

  it('asks the rules once every value is valid alone', () => {
    expect(faultsOf({ NAME: 'a', DEV_TOKENS: 'true' })).toEqual([
      { env: 'JWT_SECRET', message: 'is needed by DEV_TOKENS' },
    ]);
    expect(faultsOf({ DEV_TOKENS: 'true' }).map(({ env }) => env)).toEqual(['NAME']);
  });

  it('refuses demo secrets and development features in production only', () => {
    const env = { NAME: 'a', JWT_SECRET: 'demo-secret', DEV_TOKENS: 'true' };
    expect(faultsOf(env)).toEqual([]);
    expect(faultsOf({ ...env, NODE_ENV: 'production' }).map((fault) => fault.env)).toEqual([
      'JWT_SECRET',
      'DEV_TOKENS',
    ]);
    expect(faultsOf({ NAME: 'a', NODE_ENV: 'production', DEV_TOKENS: 'false' })).toEqual([]);
  });

  it('freezes the value to its leaves', () => {
    const result = readConfig(definition, { NAME: 'a', ORIGINS: 'x' });
    if (!result.ok) throw new Error('faulty');
    expect(Object.isFrozen(result.value)).toBe(true);
    expect(Object.isFrozen(result.value.origins)).toBe(true);
  });
});

describe('defineConfig', () => {
  it('refuses two entries for one environment variable', () => {
    const port = variable({ env: 'PORT', doc: '', schema: z.string() });
    expect(() => defineConfig('example', { port, again: port })).toThrow('PORT is declared twice');
  });
});

describe('variable', () => {
  it('refuses a name that no shell would export', () => {
    expect(() => variable({ env: 'port-number', doc: '', schema: z.string() })).toThrow('port-number');
  });
});
