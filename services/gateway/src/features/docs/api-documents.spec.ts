import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { roomEventKinds } from '@parlance/proto';
import { commonErrors, operationList, RoomEvent } from '@parlance/proto/operations';
import { Ajv2020, type AnySchema } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { asyncApiDocument } from './asyncapi-document.js';
import { documentSchemas } from './document-schemas.js';
import { openApiDocument } from './openapi-document.js';

describe('the API documents', () => {
  const openApi = openApiDocument();
  const asyncApi = asyncApiDocument();
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema({ $id: 'openapi', components: openApi.components });
  ajv.addSchema({ $id: 'asyncapi', components: asyncApi.components });

  it.each(examplesIn(openApi))('show an HTTP example that fits its schema: %s', (_where, schema, example) => {
    expect(faults('openapi', schema, example)).toEqual([]);
  });

  it.each(Object.entries(asyncApi.components.messages))(
    'show a socket example that fits its schema: %s',
    (_name, { payload, examples }) => {
      for (const example of examples) expect(faults('asyncapi', payload, example.payload)).toEqual([]);
    },
  );

  it.each([
    ['OpenAPI', openApi],
    ['AsyncAPI', asyncApi],
  ])('name every schema that has properties or values of its own, in %s', (_name, document) => {
    const { schemas, ...components } = document.components;
    const inSchemas = Object.values(schemas).flatMap(({ allOf: _parts, ...schema }) =>
      Object.values(schema).flatMap(anonymousIn),
    );
    expect([...inSchemas, ...anonymousIn({ ...document, components })]).toEqual([]);
  });

  it('have no name that Go gives to the function that makes another one', () => {
    expect(Object.keys(documentSchemas).filter((name) => `New${name}` in documentSchemas)).toEqual([]);
  });

  it('give every value a type, so that a constant is read as what it is', () => {
    expect(untypedConstantsIn(documentSchemas)).toEqual([]);
  });

  it('know every kind of room event', () => {
    const kinds = RoomEvent.options.map(({ shape }) => shape.kind);
    expect(roomEventKinds.filter((name) => !kinds.some((kind) => kind.safeParse(name).success))).toEqual([]);
  });

  const events = operationList.filter(({ event }) => event !== undefined);

  it.each(events)('name the errors of $name as docs/protocol.md does', ({ name, errors }) => {
    expect(errorsOnPage(name).filter((reason) => !isCommon(reason))).toEqual(errors);
  });

  it('come out the same every time', () => {
    expect(JSON.stringify([openApiDocument(), asyncApiDocument()])).toBe(JSON.stringify([openApi, asyncApi]));
  });

  function faults(document: string, schema: object, example: unknown): readonly unknown[] {
    const text = JSON.stringify(schema).replaceAll('"#/components', `"${document}#/components`);
    const validate = ajv.compile(JSON.parse(text) as AnySchema);
    return validate(example) === true ? [] : (validate.errors ?? ['not checked']);
  }
});

const protocolPage = readFileSync(join(import.meta.dirname, '../../../../../docs/protocol.md'), 'utf8');

/** The codes under "other errors" of an entry in the list of client events. */
function errorsOnPage(event: string): readonly string[] {
  const [, after = ''] = protocolPage.split(`\n- \`${event}\`\n  - payload: `);
  const [entry = ''] = after.split(/\n- |\n\n/);
  const [, errors = ''] = entry.split('\n  - other errors: ');
  return [...errors.matchAll(/`([A-Z_]+)`/g)].map(([, code = '']) => code);
}

function isCommon(reason: string): boolean {
  return commonErrors.some((each) => each === reason);
}

/** Everything that has a schema and an example side by side, at any depth. */
function examplesIn(value: unknown, where = ''): (readonly [string, object, unknown])[] {
  if (typeof value !== 'object' || value === null) return [];
  const { schema, example, examples = {} } = value as Shown;
  const all = [...(example === undefined ? [] : [example]), ...Object.values(examples).map((each) => each.value)];
  const own = schema === undefined ? [] : all.map((each) => [where, schema, each] as const);
  return [...own, ...Object.entries(value).flatMap(([key, inner]) => examplesIn(inner, `${where}/${key}`))];
}

interface Shown {
  readonly schema?: object;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}

/** Schemas with properties or an enum, at any depth: a generator would have to invent a name for them. */
function anonymousIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  const isAnonymous = 'enum' in value || ('properties' in value && 'type' in value);
  return [...(isAnonymous ? [JSON.stringify(value)] : []), ...Object.values(value).flatMap(anonymousIn)];
}

function untypedConstantsIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  const isUntyped = 'const' in value && !('type' in value);
  return [...(isUntyped ? [JSON.stringify(value)] : []), ...Object.values(value).flatMap(untypedConstantsIn)];
}
