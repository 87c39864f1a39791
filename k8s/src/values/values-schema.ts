import type { JsonSchema } from './config-schema.js';

/**
 * Schema of a chart's values from the values themselves: what stands there has its type, and what does not stand there is
 * refused. `exceptions` say more of some places, by their path (`gateway.config`) or by the end of it (`*.resources`). Pure.
 */
export function valuesSchema(values: object, exceptions: Readonly<Record<string, JsonSchema>>): JsonSchema {
  const schemaOf = (value: unknown, path: string): JsonSchema => {
    const exception = exceptions[path] ?? exceptions[`*.${path.split('.').at(-1)}`];
    if (exception) return exception;
    if (Array.isArray(value)) return { type: 'array' };
    if (value === null) throw new Error(`${path} has no value, so it needs a schema of its own`);
    if (typeof value === 'object') {
      const properties = Object.entries(value).map(([name, inner]) => [
        name,
        schemaOf(inner, path ? `${path}.${name}` : name),
      ]);
      return { type: 'object', additionalProperties: false, properties: Object.fromEntries(properties) };
    }
    if (typeof value === 'number')
      return Number.isInteger(value) ? { type: 'integer', minimum: 0 } : { type: 'number', minimum: 0 };
    return { type: typeof value };
  };
  return { $schema: 'http://json-schema.org/draft-07/schema#', ...schemaOf(values, '') };
}
