import { namedSchemas } from '@parlance/proto/operations';
import type { z } from 'zod';
import { type JsonSchema, namesOf, toNamedJsonSchemas } from './json-schema.js';

const names = namesOf(namedSchemas);

/** All named schemas of both documents as JSON Schema; they refer to each other by `#/components/schemas/NAME`. */
export const documentSchemas: Readonly<Record<string, JsonSchema>> = toNamedJsonSchemas(namedSchemas);

/** The name of a schema in the documents. @throws Error: it has none, which is a mistake of its definition. */
export function nameOf(schema: z.ZodType): string {
  const name = names.get(schema);
  if (name === undefined) throw new Error('a schema of the documents has no name');
  return name;
}

/** A reference to a named schema. */
export function refTo(schema: z.ZodType): JsonSchema {
  return { $ref: `#/components/schemas/${nameOf(schema)}` };
}

/** How a request says who asks. */
export function bearerToken(description: string) {
  return { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description };
}

/** Of these components those that the document refers to, directly or by others, by their names in order. Pure. */
export function usedBy(document: object, components: Readonly<Record<string, JsonSchema>>): Record<string, JsonSchema> {
  const used = new Set<string>();
  const pending: unknown[] = [document];
  while (pending.length > 0) {
    for (const name of namesIn(pending.pop())) {
      if (used.has(name)) continue;
      used.add(name);
      pending.push(components[name]);
    }
  }
  return Object.fromEntries(Object.entries(components).filter(([name]) => used.has(name)));
}

function namesIn(part: unknown): readonly string[] {
  return [...JSON.stringify(part).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(([, name = '']) => name);
}
