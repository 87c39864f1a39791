import { z } from 'zod';

/** The JSON Schema (draft 2020-12) of what a sender may write for this schema. What zod cannot express is open. */
export function toJsonSchema(schema: z.ZodType): JsonSchema {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      // The only custom schema is that of a message's metadata.
      if (zodSchema._zod.def.type === 'custom') jsonSchema.type = 'object';
    },
  });
  return rest as JsonSchema;
}

/** The schema without one property, which comes from elsewhere. */
export function withoutProperty(schema: JsonSchema, name: string): JsonSchema {
  const { [name]: _gone, ...properties } = schema.properties ?? {};
  const required = (schema.required ?? []).filter((each) => each !== name);
  const { required: _all, ...rest } = schema;
  return { ...rest, properties, ...(required.length === 0 ? {} : { required }) };
}

/** The envelope of a success around the schema of its data. */
export function successOf(data: JsonSchema): JsonSchema {
  return {
    type: 'object',
    properties: {
      success: { const: true },
      data,
      timestamp: { type: 'string', format: 'date-time' },
      hasMore: { type: 'boolean' },
      cursor: { type: 'string' },
      truncated: { const: true },
      firstAvailableId: { type: 'integer' },
    },
    required: ['success', 'data', 'timestamp'],
  };
}

/** A JSON Schema as far as the documents look into it. */
export interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly [keyword: string]: unknown;
}
