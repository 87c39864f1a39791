import type { ConfigDefinition, ValuesOf, VariableMap } from './declaration/define-config.js';
import type { Environment } from './declaration/raw-value.js';
import { readConfig } from './declaration/read-config.js';
import { renderCheck } from './printing/render-check.js';
import { renderFaults } from './printing/render-faults.js';
import { renderHelp } from './printing/render-help.js';

const EX_CONFIG = 78;

/**
 * Reads the configuration of this process, or ends the process: the only reader of `process.env`.
 *
 * - `--help` prints usage and every variable, exits 0.
 * - `--check-config` prints every value and where it came from (secrets as `***`) and exits 0, or all faults and exits 1.
 * - otherwise faults are printed all at once to stderr and the process exits with 78 (`EX_CONFIG` of sysexits.h).
 */
export function loadConfig<Variables extends VariableMap>(
  definition: ConfigDefinition<Variables>,
  surroundings: Partial<Surroundings> = {},
): ValuesOf<Variables> {
  const { argv, env, exit, stdout, stderr } = { ...processSurroundings(), ...surroundings };
  if (argv.includes('--help')) {
    stdout.write(renderHelp(definition));
    return exit(0);
  }
  const result = readConfig(definition, env);
  const checking = argv.includes('--check-config');
  if (!result.ok) {
    stderr.write(renderFaults(definition.name, result.faults));
    return exit(checking ? 1 : EX_CONFIG);
  }
  if (checking) {
    stdout.write(renderCheck(definition, env, result.value));
    return exit(0);
  }
  return result.value;
}

/** What `loadConfig` touches outside itself; each defaults to this process. */
export interface Surroundings {
  readonly argv: readonly string[];
  readonly env: Environment;
  readonly exit: (code: number) => never;
  readonly stdout: TextSink;
  readonly stderr: TextSink;
}

/** Somewhere to write text. */
export interface TextSink {
  write(text: string): unknown;
}

function processSurroundings(): Surroundings {
  const { argv, env, stdout, stderr } = process;
  return { argv: argv.slice(2), env, exit: (code) => process.exit(code), stdout, stderr };
}
