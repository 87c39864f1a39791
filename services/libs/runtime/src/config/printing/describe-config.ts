import { z } from 'zod';
import type { ConfigTable } from '../declaration/define-config.js';
import type { Variable } from '../declaration/variable.js';
import { secretFileEnv } from '../declaration/variable.js';
import { formatValue } from './format-value.js';

/** Describes every variable of a definition, in declaration order, from the declarations alone. */
export function describeConfig(definition: ConfigTable): readonly ConfigRow[] {
  return Object.values(definition.variables).map((declared) => {
    const unset = declared.schema.safeParse(undefined);
    return {
      deployable: definition.name,
      env: declared.env,
      type: typeText(declared),
      required: !unset.success,
      default: unset.success && unset.data !== undefined ? formatValue(unset.data) : undefined,
      doc: declared.doc,
      secret: declared.secret,
      fileEnv: declared.secret ? secretFileEnv(declared.env) : undefined,
      forbiddenInProduction: declared.forbiddenInProduction,
    };
  });
}

/** One line of the configuration page. */
export interface ConfigRow {
  /** The deployable that reads it. */
  readonly deployable: string;
  readonly env: string;
  /** What may be written, in words: `integer 0..65535`, `single | cluster`, `text, at least 32 characters`. */
  readonly type: string;
  /** No default and not optional. */
  readonly required: boolean;
  /** As it would be written in the environment; undefined when there is none. */
  readonly default: string | undefined;
  readonly doc: string;
  readonly secret: boolean;
  /** Of a secret: the variable that may hold the path of its file in place of it. */
  readonly fileEnv: string | undefined;
  readonly forbiddenInProduction: boolean;
}

function typeText(declared: Variable<unknown>): string {
  const schema = z.toJSONSchema(declared.schema, { io: 'input', unrepresentable: 'any' });
  if (schema.title !== undefined) return schema.title;
  if (schema.enum !== undefined) return schema.enum.join(' | ');
  if (schema.type === 'integer' || schema.type === 'number') {
    return withRange(schema.type, schema.minimum, schema.maximum);
  }
  if (schema.format === 'uri') return 'URL';
  return schema.minLength === undefined ? 'text' : `text, at least ${schema.minLength} characters`;
}

function withRange(type: string, minimum: number | undefined, maximum: number | undefined): string {
  const low = bound(minimum);
  const high = bound(maximum);
  if (low === undefined && high === undefined) return type;
  return `${type} ${low ?? ''}..${high ?? ''}`;
}

/** zod writes the safe-integer limits as bounds of every integer; they say nothing to a reader. */
function bound(value: number | undefined): number | undefined {
  return value === undefined || Math.abs(value) >= Number.MAX_SAFE_INTEGER ? undefined : value;
}
