import { z } from 'zod';

/**
 * The JSON Schemas (draft 2020-12) of what a sender may write for these schemas, which refer to each other by
 * `#/components/schemas/NAME`. What zod cannot express is open. Pure.
 */
export function toNamedJsonSchemas(schemas: Readonly<Record<string, z.ZodType>>): Record<string, JsonSchema> {
  const registry = z.registry<{ readonly id: string }>();
  for (const [id, schema] of Object.entries(schemas)) registry.add(schema, { id });
  const { schemas: converted } = z.toJSONSchema(registry, {
    io: 'input',
    unrepresentable: 'any',
    uri: (id) => `#/components/schemas/${id}`,
    override: ({ zodSchema, jsonSchema }) => mend(zodSchema._zod.def.type, jsonSchema),
  });
  return Object.fromEntries(Object.entries(converted).map(([name, schema]) => [name, withoutDialect(schema)]));
}

/** The names of schemas by the schemas. */
export function namesOf(schemas: Readonly<Record<string, z.ZodType>>): ReadonlyMap<z.ZodType, string> {
  return new Map(Object.entries(schemas).map(([name, schema]) => [schema, name]));
}

/** The schema without some properties, which come from elsewhere. */
export function withoutProperties(schema: JsonSchema, names: readonly string[]): JsonSchema {
  const { required: before, properties: all = {}, ...rest } = schema;
  const properties = Object.fromEntries(Object.entries(all).filter(([name]) => !names.includes(name)));
  const required = (before ?? []).filter((name) => !names.includes(name));
  return { ...rest, properties, ...(required.length > 0 && { required }) };
}

/** A JSON Schema as far as the documents look into it. */
export interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly [keyword: string]: unknown;
}

function withoutDialect({ $schema: _dialect, $id: _id, id: _name, ...schema }: Record<string, unknown>): JsonSchema {
  return schema;
}

/** Makes the schema one of which generators make what a person would write. */
function mend(kind: string, schema: Record<string, unknown>): void {
  // The only custom schema is that of a message's metadata.
  if (kind === 'custom') schema.$ref = '#/components/schemas/MessageMetadata';
  if ('default' in schema) {
    // openapi-typescript takes a field with a default for one that is always there, also in what is sent.
    schema.description = schema.default === '' ? 'Empty when absent' : `\`${String(schema.default)}\` when absent`;
    delete schema.default;
  }
  const { $ref, ...beside } = schema;
  if ($ref !== undefined && Object.keys(beside).length > 0) {
    // What stands beside a reference counts only since draft 2019-09, and AsyncAPI has draft 7.
    schema.allOf = [{ $ref }];
    delete schema.$ref;
  }
  if (kind === 'enum' && Array.isArray(schema.enum)) {
    const names = schema.enum.map(constantOf);
    if (String(names) !== String(schema.enum)) schema['x-enum-varnames'] = names;
  }
  // The format says what the long pattern of zod says.
  if (schema.format !== undefined) delete schema.pattern;
  if (schema.type === 'integer') {
    // Without it generators for Go, Java and C# take 32 bits, and Unix milliseconds do not fit.
    schema.format = 'int64';
    if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  }
}

/** Name of an enum's value in code. */
function constantOf(value: unknown): string {
  return value === '1v1' ? 'ONE_TO_ONE' : String(value).toUpperCase();
}
