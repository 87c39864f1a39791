import { readFileSync } from 'node:fs';
import type { ConfigFault } from './define-config.js';
import { secretFileEnv, type Variable } from './variable.js';

/**
 * The raw string of a variable: its own, or, of a secret, the text of the file whose path stands in `NAME_FILE`, without
 * the newline at its end. An empty variable counts as unset; an empty file is a fault, since nobody means that.
 */
export function rawValueOf(
  declared: Pick<Variable<unknown>, 'env' | 'secret'>,
  env: Environment,
  readFile: ReadFile,
): RawValue | ConfigFault {
  const own = env[declared.env] || undefined;
  const fileEnv = declared.secret ? secretFileEnv(declared.env) : undefined;
  const path = fileEnv === undefined ? undefined : env[fileEnv] || undefined;
  if (fileEnv === undefined || path === undefined) {
    return { env: declared.env, raw: own, origin: own === undefined ? 'unset' : 'env' };
  }
  if (own !== undefined) return { env: declared.env, message: `and ${fileEnv} are both set: keep one of them` };
  // Whoever takes it for the secret itself must not find it in the log.
  if (!path.startsWith('/')) return { env: fileEnv, message: 'must be the absolute path of a file' };
  try {
    const raw = readFile(path).replace(/\r?\n$/, '');
    return raw === '' ? { env: fileEnv, message: `is an empty file: ${path}` } : { env: fileEnv, raw, origin: 'file' };
  } catch (thrown) {
    return { env: fileEnv, message: `cannot be read: ${path}: ${reasonOf(thrown)}` };
  }
}

/** Names to raw strings, as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What was found for one variable. */
export interface RawValue {
  /** The variable that gave it, or would have. */
  readonly env: string;
  readonly raw: string | undefined;
  readonly origin: 'env' | 'file' | 'unset';
}

/** Reads a file as text; throws what `node:fs` throws. */
export type ReadFile = (path: string) => string;

/** Reads from the file system. */
export const readTextFile: ReadFile = (path) => readFileSync(path, 'utf8');

function reasonOf(thrown: unknown): string {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : undefined;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EACCES') return 'permission denied';
  return code === 'EISDIR' ? 'it is a directory' : (code ?? String(thrown));
}
