import type { Variable } from './scenario.ts';
import { secondsOf } from './seconds-of.ts';

/**
 * The variables of a scenario from the environment, or their defaults. Durations are in seconds; what has no default and is
 * not given is 0.
 *
 * @throws Error that names the variable which is no number above 0, or no whole one where it has to be.
 */
export function readSize<Name extends string>(
  variables: Readonly<Record<Name, Variable>>,
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<Name, number>> {
  const entries = (Object.entries(variables) as [Name, Variable][]).map(([name, { kind, value: ownValue }]) => {
    const text = env[name] || ownValue;
    if (text === '') return [name, 0] as const;
    const value = kind === 'duration' ? secondsOf(text) : Number(text);
    if (!(value > 0)) throw new Error(`${name} has to be a number above 0`);
    if (kind === 'whole number' && !Number.isInteger(value)) throw new Error(`${name} is a whole number`);
    return [name, value] as const;
  });
  return Object.fromEntries(entries) as Record<Name, number>;
}
