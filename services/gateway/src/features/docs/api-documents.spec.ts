import { Ajv2020, type AnySchema } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { asyncApiDocument } from './asyncapi-document.js';
import { openApiDocument } from './openapi-document.js';

describe('the API documents', () => {
  const openApi = openApiDocument();
  const asyncApi = asyncApiDocument();
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema({ $id: 'openapi', components: openApi.components });

  it.each(examplesIn(openApi))('show an HTTP example that fits its schema: %s', (_where, schema, example) => {
    expect(faults(schema, example)).toEqual([]);
  });

  it.each(
    Object.entries(asyncApi.channels.chat.messages).map(([name, message]) => [name, message as ShownMessage] as const),
  )('show a socket example that fits its schema: %s', (_name, { payload, examples }) => {
    for (const example of examples) expect(faults(payload, example.payload)).toEqual([]);
  });

  it('come out the same every time', () => {
    expect(JSON.stringify([openApiDocument(), asyncApiDocument()])).toBe(JSON.stringify([openApi, asyncApi]));
  });

  function faults(schema: object, example: unknown): readonly unknown[] {
    const text = JSON.stringify(schema).replaceAll('"#/components', '"openapi#/components');
    const validate = ajv.compile(JSON.parse(text) as AnySchema);
    return validate(example) === true ? [] : (validate.errors ?? ['not checked']);
  }
});

interface ShownMessage {
  readonly payload: object;
  readonly examples: readonly { readonly payload: unknown }[];
}

/** Everything that has a schema and an example side by side, at any depth. */
function examplesIn(value: unknown, where = ''): (readonly [string, object, unknown])[] {
  if (typeof value !== 'object' || value === null) return [];
  const { schema, example } = value as { readonly schema?: object; readonly example?: unknown };
  const own = schema !== undefined && example !== undefined ? [[where, schema, example] as const] : [];
  return [...own, ...Object.entries(value).flatMap(([key, inner]) => examplesIn(inner, `${where}/${key}`))];
}
