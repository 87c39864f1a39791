import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { k8sEnvironment } from '../k8s.config.js';

/**
 * A JSON schema of somebody else's, by its path in the folder of data beside the tools; without patterns that only Go understands. Undefined, with one line that says what is
 * not tested therefore, where there is none.
 */
export function findSchema(path: string, what: string): object | undefined {
  const { dataDir } = k8sEnvironment();
  const file = dataDir === undefined ? undefined : join(dataDir, path);
  if (file !== undefined && existsSync(file))
    return JSON.parse(readFileSync(file, 'utf8'), withoutGoPatterns) as object;
  process.stdout.write(
    `NOT TESTED: ${what} against its own schema. There is no ${path} in a folder data beside PARLANCE_TOOLS_DIR\n`,
  );
  return undefined;
}

function withoutGoPatterns(name: string, value: unknown): unknown {
  return name === 'pattern' && typeof value === 'string' && value.includes('(?i)') ? undefined : value;
}
