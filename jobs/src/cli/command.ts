import type { ExitCode } from '../exit-code.js';
import type { JobContext } from '../job-context.js';

/** What every job shows of itself on the command line. */
export interface CommandLook {
  readonly name: string;
  /** Its line in `--help`. */
  readonly usage: string;
  readonly doc: string;
  /** Its own options, as `parseArgs` of `node:util` takes them. */
  readonly options: Readonly<Record<string, { readonly type: 'string' | 'boolean' }>>;
}

/** A job on the database. */
export interface Command extends CommandLook {
  /** Whether it runs under the lease, never beside another such job. Others may run beside anything, also themselves. */
  readonly alone: boolean;
  /** Checks its values, then does its work. Throws UsageError for values it does not take. */
  run(values: OptionValues, context: JobContext): Promise<ExitCode>;
}

/** Values of options by name. */
export type OptionValues = Readonly<Record<string, string | boolean | undefined>>;

/** The command line is wrong; the text says how. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
