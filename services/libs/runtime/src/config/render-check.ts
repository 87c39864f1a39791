import type { ConfigDefinition, ValuesOf, VariableMap } from './define-config.js';
import { formatValue } from './format-value.js';
import { type Environment, rawValue } from './read-config.js';

/** The text of a successful `--check-config`: `NAME=value  # env|default|unset` per variable, secrets as `***`. */
export function renderCheck<Variables extends VariableMap>(
  definition: ConfigDefinition<Variables>,
  env: Environment,
  value: ValuesOf<Variables>,
): string {
  const lines = Object.entries(definition.variables).map(([name, declared]) => {
    const parsed = value[name];
    const shown = parsed === undefined ? '' : declared.secret ? '***' : formatValue(parsed);
    const origin = rawValue(env, declared.env) !== undefined ? 'env' : parsed === undefined ? 'unset' : 'default';
    return `${declared.env}=${shown}  # ${origin}`;
  });
  return `${lines.join('\n')}\n`;
}
