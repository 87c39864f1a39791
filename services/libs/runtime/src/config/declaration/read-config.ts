import type { z } from 'zod';
import type { ConfigDefinition, ConfigFault, ValuesOf, VariableMap } from './define-config.js';
import { type Environment, type ReadFile, rawValueOf, readTextFile } from './raw-value.js';
import type { Variable } from './variable.js';

/** What Kubernetes puts into every pod for each Service of the namespace: `GRPC_PORT` for one that is called `grpc`. */
const serviceLink =
  'is an address that Kubernetes put there for a Service of that name: set enableServiceLinks: false in the pod';

/**
 * Reads a configuration from an environment: never throws, and reports every fault at once in declaration order. Pure but
 * for the files of secrets (`NAME_FILE`), which `readFile` reads. An empty string counts as unset. The value is frozen to its leaves. Messages never contain a value.
 */
export function readConfig<Variables extends VariableMap>(
  definition: ConfigDefinition<Variables>,
  env: Environment,
  readFile: ReadFile = readTextFile,
): ConfigResult<ValuesOf<Variables>> {
  const production = env['NODE_ENV'] === 'production';
  const faults: ConfigFault[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, declared] of Object.entries(definition.variables)) {
    const found = rawValueOf(declared, env, readFile);
    if ('message' in found) {
      faults.push(found);
      continue;
    }
    const { raw } = found;
    const parsed = declared.schema.safeParse(raw);
    if (!parsed.success) {
      faults.push({ env: found.env, message: describeIssues(parsed.error, raw) });
      continue;
    }
    values[name] = deepFreeze(parsed.data);
    if (production) faults.push(...productionFaults({ ...declared, env: found.env }, raw, parsed.data));
  }
  if (faults.length > 0) return { ok: false, faults };
  const value = Object.freeze(values) as ValuesOf<Variables>;
  const crossFaults = definition.rules.flatMap((rule) => rule(value));
  return crossFaults.length > 0 ? { ok: false, faults: crossFaults } : { ok: true, value };
}

/** The whole configuration, or everything that is wrong with it. */
export type ConfigResult<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly faults: readonly ConfigFault[] };

function describeIssues(error: z.ZodError, raw: string | undefined): string {
  if (raw === undefined) return 'is required and not set';
  if (raw.startsWith('tcp://')) return serviceLink;
  return error.issues.map((issue) => issue.message).join('; ');
}

function productionFaults(declared: Variable<unknown>, raw: string | undefined, value: unknown): ConfigFault[] {
  const faults: ConfigFault[] = [];
  // A list of secrets is as good as its worst.
  const secrets = declared.secret ? (raw ?? '').split(',') : [];
  if (secrets.some((secret) => secret.trim().startsWith('demo-'))) {
    faults.push({ env: declared.env, message: 'is a demo secret, which NODE_ENV=production refuses' });
  }
  if (declared.forbiddenInProduction && value !== undefined && value !== false) {
    faults.push({ env: declared.env, message: 'is not allowed with NODE_ENV=production' });
  }
  return faults;
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const inner of Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}
