import type { ConfigDefinition, ValuesOf, VariableMap } from '@parlance/runtime';
import type { ExitCode } from '../exit-code.js';
import type { StandaloneContext } from '../job-context.js';
import type { CommandLook, OptionValues } from './command.js';

/** A job that needs no MongoDB and has an environment of its own. It runs without the lease. */
export interface StandaloneCommand extends CommandLook {
  /** Reads its environment, then gives the job. The job throws UsageError for values that it does not take. */
  configure(load: LoadConfig): (values: OptionValues, context: StandaloneContext) => Promise<ExitCode>;
}

/** Reads the environment, or ends the process. */
export type LoadConfig = <Variables extends VariableMap>(
  definition: ConfigDefinition<Variables>,
) => ValuesOf<Variables>;
