import type { ServerProduct } from './found-server.js';
import { runCommand } from './run-command.js';

const PRODUCTS: Readonly<Record<string, ServerProduct>> = {
  db: 'mongod',
  mongos: 'mongos',
  redis: 'redis',
  'prometheus,': 'prometheus',
};

/** Runs `path --version` and returns what the program says it is. Throws when it does not run or is something else. */
export async function serverVersion(path: string, env: Readonly<Record<string, string>> = {}): Promise<ServerVersion> {
  const output = await runCommand(path, ['--version'], { env, timeoutMs: 20_000 });
  const parsed = parseServerVersion(output);
  if (parsed === undefined) throw new Error(`${path} is no server known here: ${output.split('\n')[0]}`);
  return parsed;
}

/** Product and version as a server states them. */
export interface ServerVersion {
  readonly product: ServerProduct;
  /** "7.0.15". */
  readonly version: string;
}

/** Reads "db version v6.0.5", "mongos version v6.0.5", "Redis server v=7.0.15 sha=...", "Valkey server v=8.1.1 ...", "prometheus, version 2.42.0 ...". */
export function parseServerVersion(output: string): ServerVersion | undefined {
  const match =
    /(db version v|mongos version v|redis server v=|valkey server v=|prometheus, version )(\d+\.\d+\.\d+)/i.exec(
      output,
    );
  const [, label = '', version] = match ?? [];
  if (version === undefined) return undefined;
  return { product: PRODUCTS[label.split(' ')[0]?.toLowerCase() ?? ''] ?? 'valkey', version };
}

/** Whether `version` is `minimum` or later; both like "7.0" or "7.0.15". */
export function isAtLeast(version: string, minimum: string): boolean {
  const [have, need] = [version, minimum].map((text) => text.split('.').map(Number)) as [number[], number[]];
  const difference = need.map((part, index) => (have[index] ?? 0) - part).find((part) => part !== 0);
  return difference === undefined || difference > 0;
}
