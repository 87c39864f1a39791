import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { booleanFlag } from '../values/boolean-flag.js';
import { csv } from '../values/csv.js';
import { durationMs } from '../values/duration-ms.js';
import { type ConfigOf, defineConfig } from './define-config.js';
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

  it('says what an address is that Kubernetes put into the variable of a port', () => {
    expect(faultsOf({ NAME: 'a', PORT: 'tcp://10.96.0.7:80' })).toEqual([
      { env: 'PORT', message: expect.stringContaining('set enableServiceLinks: false') },
    ]);
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

describe('a secret in a file', () => {
  const files: Record<string, string> = { '/run/jwt': 'from-a-file\n', '/run/short': 'x\r\n', '/run/empty': '\n' };
  const readFile = (path: string): string => {
    const text = files[path];
    if (text === undefined) throw Object.assign(new Error('no'), { code: 'ENOENT' });
    return text;
  };
  const read = (env: Record<string, string>) => readConfig(definition, { NAME: 'a', ...env }, readFile);

  it('is the text of it without the newline at the end', () => {
    expect(read({ JWT_SECRET_FILE: '/run/jwt' })).toMatchObject({ ok: true, value: { jwtSecret: 'from-a-file' } });
  });

  it.each([
    [{ JWT_SECRET_FILE: '/run/jwt', JWT_SECRET: 'hunter2hunter2' }, 'JWT_SECRET', /and JWT_SECRET_FILE are both set/],
    [{ JWT_SECRET_FILE: '/run/none' }, 'JWT_SECRET_FILE', /cannot be read: \/run\/none: there is no such file/],
    [{ JWT_SECRET_FILE: '/run/empty' }, 'JWT_SECRET_FILE', /is an empty file: \/run\/empty/],
    [{ JWT_SECRET_FILE: '/run/short' }, 'JWT_SECRET_FILE', />=8 characters/],
    [{ JWT_SECRET_FILE: 'hunter2hunter2' }, 'JWT_SECRET_FILE', /^must be the absolute path of a file$/],
  ])('is refused with the reason: %j', (env, name, message) => {
    expect(read(env)).toEqual({ ok: false, faults: [{ env: name, message: expect.stringMatching(message) }] });
  });

  it('is refused in production when it is a demo secret', () => {
    files['/run/demo'] = 'demo-secret';
    expect(read({ NODE_ENV: 'production', JWT_SECRET_FILE: '/run/demo' })).toMatchObject({
      faults: [{ env: 'JWT_SECRET_FILE' }],
    });
  });

  it('is one for secrets alone', () => {
    expect(read({ PORT_FILE: '/run/jwt' })).toMatchObject({ ok: true, value: { port: 3000 } });
  });
});

describe('defineConfig', () => {
  it('refuses a variable that is the file of a secret', () => {
    const key = variable({ env: 'KEY', doc: '', schema: z.string(), secret: true });
    const file = variable({ env: 'KEY_FILE', doc: '', schema: z.string() });
    expect(() => defineConfig('example', { key, file })).toThrow('KEY_FILE is declared twice');
  });

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
