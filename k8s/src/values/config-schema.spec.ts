import { expect, it } from 'vitest';
import { configSchema, variableSchema } from './config-schema.js';
import { valuesSchema } from './values-schema.js';

const row = (env: string, type: string, more: object = {}) => ({
  deployable: 'x',
  env,
  type,
  required: false,
  default: undefined,
  doc: 'What it does.',
  secret: false,
  fileEnv: undefined,
  forbiddenInProduction: false,
  ...more,
});

it.each([
  ['integer 0..65535', { type: 'integer', minimum: 0, maximum: 65_535 }],
  ['integer 1..', { type: 'integer', minimum: 1 }],
  ['milliseconds 100..60000', { type: 'integer', minimum: 100, maximum: 60_000 }],
  ['true | false', { type: 'boolean' }],
  ['none | file | s3', { enum: ['none', 'file', 's3'] }],
  ['comma-separated list of host:port', { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] }],
  ['URL', { type: 'string', pattern: '^https?://\\S+$' }],
  ['text, at least 3 characters', { type: 'string' }],
])('a variable of type "%s" has its schema', (type, schema) => {
  expect(variableSchema(row('A', type))).toEqual({ ...schema, description: 'What it does.' });
});

it('leaves out secrets, what production forbids, and what the chart sets', () => {
  const rows = [
    row('A', 'text'),
    row('B', 'text', { secret: true }),
    row('C', 'text', { forbiddenInProduction: true }),
    row('D', 'text'),
  ];
  expect(Object.keys(configSchema(rows, new Set(['D']))['properties'] as object)).toEqual(['A']);
});

it('values have the types that stand there, nothing else may stand beside them, and exceptions say more', () => {
  const schema = valuesSchema(
    { a: { b: 1, c: 'x', d: [], resources: {} }, e: 0.5 },
    { '*.resources': { type: 'object' } },
  );
  expect(schema).toMatchObject({
    additionalProperties: false,
    properties: {
      a: {
        additionalProperties: false,
        properties: {
          b: { type: 'integer' },
          c: { type: 'string' },
          d: { type: 'array' },
          resources: { type: 'object' },
        },
      },
      e: { type: 'number' },
    },
  });
  expect(() => valuesSchema({ a: null }, {})).toThrow('a has no value');
});
