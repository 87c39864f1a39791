import type { ConfigDefinition, ValuesOf, VariableMap } from '../declaration/define-config.js';
import type { Environment } from '../declaration/raw-value.js';
import { type ReadFile, rawValueOf, readTextFile } from '../declaration/raw-value.js';
import { formatValue } from './format-value.js';

/** The text of a successful `--check-config`: `NAME=value  # env|file|default|unset` per variable, secrets as `***`. */
export function renderCheck<Variables extends VariableMap>(
  definition: ConfigDefinition<Variables>,
  env: Environment,
  value: ValuesOf<Variables>,
  readFile: ReadFile = readTextFile,
): string {
  const lines = Object.entries(definition.variables).map(([name, declared]) => {
    const parsed = value[name];
    const shown = parsed === undefined ? '' : declared.secret ? '***' : formatValue(parsed);
    const found = rawValueOf(declared, env, readFile);
    const given = 'message' in found || found.origin === 'unset' ? undefined : found.origin;
    const origin = given ?? (parsed === undefined ? 'unset' : 'default');
    return `${declared.env}=${shown}  # ${origin}`;
  });
  return `${lines.join('\n')}\n`;
}
