import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { operationList } from '../operations/operations.js';
import { declaration, typeOf } from './type-text.js';

describe('a schema as TypeScript', () => {
  it.each<[string, z.ZodType]>([
    ['number', z.int().min(1)],
    ["'a' | 'b'", z.enum(['a', 'b'])],
    ["readonly ('a' | 'b')[]", z.enum(['a', 'b']).array()],
    ['true', z.literal(true)],
    ['number | string', z.union([z.int(), z.iso.date(), z.iso.datetime()])],
    ['Readonly<Record<string, boolean>>', z.record(z.string(), z.boolean())],
    ['Readonly<Record<string, unknown>>', z.looseObject({ a: z.string() })],
    ['Readonly<Record<string, never>>', z.object({})],
    ['string', z.string().transform(Number)],
    ['number', z.preprocess(Number, z.number())],
  ])('is %s', (type, schema) => {
    expect(typeOf(schema, 0)).toBe(type);
  });

  it('says what its fields are, and which may be absent to who writes it', () => {
    const schema = z.object({ a: z.string().describe('Whose'), b: z.int().default(5), c: z.string().exactOptional() });
    expect(declaration('Thing', schema.describe('A thing'))).toBe(
      [
        '/** A thing. */',
        'export interface Thing {',
        '  /** Whose. */',
        '  readonly a: string;',
        '  readonly b?: number;',
        '  readonly c?: string;',
        '}\n',
      ].join('\n'),
    );
  });
});

it('the root of the package reaches no schema, at run time and in types', () => {
  const seen = new Set<string>();
  const look = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    const text = readFileSync(join(import.meta.dirname, '..', file), 'utf8');
    expect(text, file).not.toMatch(/from 'zod'/);
    for (const [, path = ''] of text.matchAll(/from ["'](\.[^"']*)\.js["']/g)) look(join(file, '..', `${path}.ts`));
  };
  look('index.ts');
  expect(seen.size).toBeGreaterThan(10);
});

it.each(operationList)('the example of $name is what its schemas take', ({ payload, answer, example }) => {
  expect(payload.safeParse(example.payload)).toMatchObject({ success: true });
  expect(answer.shape.data.safeParse(example.data)).toMatchObject({ success: true });
});
