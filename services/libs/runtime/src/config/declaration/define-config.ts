import { secretFileEnv, type Variable } from './variable.js';

/**
 * Collects the variables of one deployable, under the name it uses for each value in code.
 * `rules` see the finished value and return what is wrong between fields; they run only when every field is valid alone.
 *
 * @throws Error when two entries read the same environment variable.
 */
export function defineConfig<Variables extends VariableMap>(
  name: string,
  variables: Variables,
  options: { readonly rules?: readonly ConfigRule<Variables>[] } = {},
): ConfigDefinition<Variables> {
  const seen = new Set<string>();
  const names = Object.values(variables).flatMap(({ env, secret }) => (secret ? [env, secretFileEnv(env)] : [env]));
  for (const env of names) {
    if (seen.has(env)) throw new Error(`${env} is declared twice in the configuration of ${name}`);
    seen.add(env);
  }
  return { name, variables, rules: options.rules ?? [] };
}

/** Variables by the name of the value in code. */
export type VariableMap = Readonly<Record<string, Variable<unknown>>>;

/** The declared configuration of one deployable. */
export interface ConfigDefinition<Variables extends VariableMap = VariableMap> extends ConfigTable<Variables> {
  readonly rules: readonly ConfigRule<Variables>[];
}

/** The part of a definition that documentation needs. */
export interface ConfigTable<Variables extends VariableMap = VariableMap> {
  /** The deployable, for example `gateway`; appears in `--help` and the configuration page. */
  readonly name: string;
  readonly variables: Variables;
}

/** A rule across fields: returns no faults when the value is consistent. Pure. */
export type ConfigRule<Variables extends VariableMap> = (value: ValuesOf<Variables>) => readonly ConfigFault[];

/** One thing wrong with the environment. `message` never contains the value. */
export interface ConfigFault {
  readonly env: string;
  readonly message: string;
}

/** The values of a map of variables. */
export type ValuesOf<Variables extends VariableMap> = {
  readonly [Name in keyof Variables]: Variables[Name] extends Variable<infer Value> ? Value : never;
};

/** The configuration type of a definition: `type GatewayConfig = ConfigOf<typeof config>`. */
export type ConfigOf<Definition> = Definition extends ConfigDefinition<infer Variables> ? ValuesOf<Variables> : never;
