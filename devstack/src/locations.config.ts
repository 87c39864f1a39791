import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where things are on this machine: the project's folder for everything made at run time, and the servers named by hand. */
export function loadLocations(env: NodeJS.ProcessEnv = process.env): Locations {
  const root = repositoryRoot();
  const parlanceDir = resolve(env['PARLANCE_DIR'] || join(root, '.parlance'));
  return {
    repositoryRoot: root,
    parlanceDir,
    cacheDir: join(parlanceDir, 'cache'),
    dataDir: join(parlanceDir, 'data'),
    logDir: join(parlanceDir, 'logs'),
    runDir: join(parlanceDir, 'run'),
    ledgerDir: join(parlanceDir, 'run', 'ledger'),
    mongodBin: env['MONGOD_BIN'] || undefined,
    mongosBin: env['MONGOS_BIN'] || undefined,
    prometheusBin: env['PROMETHEUS_BIN'] || undefined,
    redisServerBin: env['REDIS_SERVER_BIN'] || undefined,
    versitygwBin: env['VERSITYGW_BIN'] || undefined,
    prebuiltToolsDir: env['PARLANCE_TOOLS_DIR'] ? resolve(env['PARLANCE_TOOLS_DIR']) : undefined,
    searchPath: (env['PATH'] ?? '').split(':').filter((part) => part !== ''),
  };
}

/** See {@link loadLocations}. All folders are absolute; reading them makes none. */
export interface Locations {
  readonly repositoryRoot: string;
  /** `PARLANCE_DIR`; default `.parlance` at the repository's root. */
  readonly parlanceDir: string;
  /** Downloaded programs. */
  readonly cacheDir: string;
  /** What the servers of `up` store. */
  readonly dataDir: string;
  readonly logDir: string;
  /** What runs now. */
  readonly runDir: string;
  /** Who started which child processes; see `Ledger`. */
  readonly ledgerDir: string;
  /** `MONGOD_BIN`. */
  readonly mongodBin: string | undefined;
  /** `MONGOS_BIN`. */
  readonly mongosBin: string | undefined;
  /** `PROMETHEUS_BIN`. */
  readonly prometheusBin: string | undefined;
  /** `REDIS_SERVER_BIN`. */
  readonly redisServerBin: string | undefined;
  /** `VERSITYGW_BIN`. */
  readonly versitygwBin: string | undefined;
  /** `PARLANCE_TOOLS_DIR`: programs packed with xz, for machines without network. */
  readonly prebuiltToolsDir: string | undefined;
  /** `PATH`. */
  readonly searchPath: readonly string[];
}

/** What every child process gets besides its own variables. */
export function inheritedEnvironment(): NodeJS.ProcessEnv {
  return process.env;
}

/** The nearest folder above this file that has this workspace in it. */
function repositoryRoot(): string {
  const start = dirname(fileURLToPath(import.meta.url));
  for (let folder = start; folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'devstack', 'package.json'))) return folder;
  }
  throw new Error(`no repository above ${start}`);
}
