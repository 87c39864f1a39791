import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where k6 may be on this machine, and which gateway is meant. The only reader of the environment here. */
export function loadLoadtestConfig(env: NodeJS.ProcessEnv = process.env): LoadtestConfig {
  const root = repositoryRoot();
  return {
    scenarioDir: join(root, 'loadtest', 'scenarios'),
    k6Bin: env['K6_BIN'] || undefined,
    searchPath: (env['PATH'] ?? '').split(':').filter((part) => part !== ''),
    cacheDir: join(resolve(env['PARLANCE_DIR'] || join(root, '.parlance')), 'cache'),
    prebuiltToolsDir: env['PARLANCE_TOOLS_DIR'] ? resolve(env['PARLANCE_TOOLS_DIR']) : undefined,
    gatewayUrl: env['GATEWAY_URL'] || 'http://127.0.0.1:3000',
    environment: env,
  };
}

/** See {@link loadLoadtestConfig}. All folders are absolute and need not exist. */
export interface LoadtestConfig {
  /** The k6 scripts. */
  readonly scenarioDir: string;
  /** `K6_BIN`: the program to use. */
  readonly k6Bin: string | undefined;
  /** `PATH`. */
  readonly searchPath: readonly string[];
  /** Unpacked programs; in `PARLANCE_DIR`, default `.parlance` at the repository's root. */
  readonly cacheDir: string;
  /** `PARLANCE_TOOLS_DIR`: programs packed with xz, for machines without network. */
  readonly prebuiltToolsDir: string | undefined;
  /** `GATEWAY_URL`; default `http://127.0.0.1:3000`. */
  readonly gatewayUrl: string;
  /** All of it, for k6. */
  readonly environment: NodeJS.ProcessEnv;
}

function repositoryRoot(): string {
  const start = dirname(fileURLToPath(import.meta.url));
  for (let folder = start; folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'loadtest', 'package.json'))) return folder;
  }
  throw new Error(`no repository above ${start}`);
}
