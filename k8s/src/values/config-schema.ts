import type { ConfigRow } from '@parlance/runtime';

/** A JSON schema, as far as it is written here. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * Schema of a map from variables to values, for the variables of a deployable that a chart leaves to its user: all but secrets,
 * what is forbidden in production, and what the chart sets by itself. Pure.
 */
export function configSchema(rows: readonly ConfigRow[], setByChart: ReadonlySet<string>): JsonSchema {
  const open = rows.filter(
    ({ env, secret, forbiddenInProduction }) => !secret && !forbiddenInProduction && !setByChart.has(env),
  );
  return {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(open.map((row) => [row.env, variableSchema(row)])),
  };
}

/** Schema of one variable, from the words in which the configuration page tells its type. */
export function variableSchema({ type, doc }: Pick<ConfigRow, 'type' | 'doc'>): JsonSchema {
  const range = /^(?:integer|milliseconds) ?(\d*)\.\.(\d*)$/.exec(type);
  if (range) {
    const [, low, high] = range;
    return {
      type: 'integer',
      ...(low && { minimum: Number(low) }),
      ...(high && { maximum: Number(high) }),
      description: doc,
    };
  }
  if (type === 'integer') return { type: 'integer', description: doc };
  if (type === 'true | false') return { type: 'boolean', description: doc };
  if (type.includes(' | ')) return { enum: type.split(' | '), description: doc };
  if (type.startsWith('comma-separated list')) {
    return { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }], description: doc };
  }
  // Helm 3 looks at `format`, Helm 4 does not: the pattern holds for both.
  if (type === 'URL') return { type: 'string', pattern: '^https?://\\S+$', description: doc };
  return { type: 'string', description: doc };
}
