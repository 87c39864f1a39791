import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineConfig } from '../declaration/define-config.js';
import { variable } from '../declaration/variable.js';
import { booleanFlag } from '../values/boolean-flag.js';
import { csv } from '../values/csv.js';
import { durationMs } from '../values/duration-ms.js';
import { redisVariables } from '../variables/redis-variables.js';
import { describeConfig } from './describe-config.js';
import { renderConfigMarkdown } from './render-config-markdown.js';

function typeOf(schema: z.ZodType): string | undefined {
  return describeConfig(defineConfig('example', { it: variable({ env: 'IT', doc: '', schema }) }))[0]?.type;
}

describe('describeConfig', () => {
  it('says in words what may be written', () => {
    expect(typeOf(z.coerce.number().int().min(0).max(65_535).default(1))).toBe('integer 0..65535');
    expect(typeOf(z.coerce.number().int().min(1))).toBe('integer 1..');
    expect(typeOf(z.coerce.number())).toBe('number');
    expect(typeOf(z.enum(['a', 'b']).default('a'))).toBe('a | b');
    expect(typeOf(booleanFlag().default(false))).toBe('true | false');
    expect(typeOf(csv().default([]))).toBe('comma-separated list');
    expect(typeOf(csv().optional())).toBe('comma-separated list');
    expect(typeOf(durationMs(10, 1000).default(10))).toBe('milliseconds 10..1000');
    expect(typeOf(z.url().optional())).toBe('URL');
    expect(typeOf(z.string().min(32).optional())).toBe('text, at least 32 characters');
    expect(typeOf(z.string())).toBe('text');
  });

  it('writes defaults as they would stand in the environment', () => {
    const rows = describeConfig(defineConfig('example', redisVariables));
    expect(rows.map(({ env, default: text }) => [env, text])).toEqual([
      ['REDIS_MODE', 'single'],
      ['REDIS_NODES', '127.0.0.1:6379'],
      ['REDIS_USERNAME', undefined],
      ['REDIS_PASSWORD', undefined],
      ['REDIS_TLS', 'false'],
    ]);
  });
});

describe('renderConfigMarkdown', () => {
  it('makes one list per deployable, in lines of at most 120 columns', () => {
    const one = defineConfig('gateway', {
      mode: variable({ env: 'MODE', doc: `Mode ${'of old '.repeat(20)}.`, schema: z.enum(['a', 'b']) }),
      key: variable({
        env: 'KEY',
        doc: 'Key.',
        schema: z.string().optional(),
        secret: true,
        forbiddenInProduction: true,
      }),
    });
    const two = defineConfig('jobs', {
      port: variable({ env: 'PORT', doc: 'Port.', schema: z.coerce.number().default(1) }),
    });
    expect(renderConfigMarkdown([...describeConfig(one), ...describeConfig(two)])).toBe(
      [
        '## gateway',
        '',
        `- \`MODE\` (a | b; **required**): Mode ${'of old '.repeat(11)}of old`,
        `  ${'of old '.repeat(8)}.`,
        '- `KEY` (text; unset): Key. Secret, or `KEY_FILE`. Refused with `NODE_ENV=production`.',
        '',
        '## jobs',
        '',
        '- `PORT` (number; `1`): Port.',
        '',
      ].join('\n'),
    );
  });
});
