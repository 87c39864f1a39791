import type { z } from 'zod';

/**
 * Declares one environment variable of a deployable.
 *
 * The schema sees the raw string, or `undefined` when the variable is unset or empty; so a default is `.default(...)`,
 * an optional one `.optional()`, and anything else is required.
 *
 * @throws Error when `env` is not an upper-case environment name (a mistake in the program, found at start).
 */
export function variable<Schema extends z.ZodType>(spec: VariableSpec<Schema>): Variable<z.output<Schema>> {
  if (!/^[A-Z][A-Z0-9_]*$/.test(spec.env)) throw new Error(`not an environment variable name: ${spec.env}`);
  return {
    env: spec.env,
    doc: spec.doc,
    schema: spec.schema as unknown as z.ZodType<z.output<Schema>>,
    secret: spec.secret ?? false,
    forbiddenInProduction: spec.forbiddenInProduction ?? false,
  };
}

/** What a deployable writes down about one variable. */
export interface VariableSpec<Schema extends z.ZodType> {
  /** Name in the environment, upper case with underscores. */
  readonly env: string;
  /** One or two sentences for the configuration page and `--help`: meaning, unit, when to change it. */
  readonly doc: string;
  /** Parses the raw string; its default is the variable's default. */
  readonly schema: Schema;
  /**
   * The value is printed as `***` and must not start with `demo-` in production; `NAME_FILE` may hold the path of a file
   * with it. Default false.
   */
  readonly secret?: boolean;
  /** With `NODE_ENV=production` every value but `false` and unset is a fault. Default false. */
  readonly forbiddenInProduction?: boolean;
}

/** One declared variable whose parsed value has type `Value`. */
export interface Variable<Value> {
  readonly env: string;
  readonly doc: string;
  readonly schema: z.ZodType<Value>;
  readonly secret: boolean;
  readonly forbiddenInProduction: boolean;
}

/** The variable that holds the path of a secret's file. */
export function secretFileEnv(env: string): string {
  return `${env}_FILE`;
}
