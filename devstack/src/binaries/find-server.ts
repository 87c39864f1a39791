import { join } from 'node:path';
import type { Progress } from '../progress.js';
import { reasonOf } from '../reason-of.js';
import type { FoundServer, ServerProduct } from './found-server.js';
import { isExecutable } from './is-executable.js';
import { isAtLeast, serverVersion } from './server-version.js';
import { hostPlatform } from './sources/host-platform.js';
import type { InstallContext, InstalledProgram, PackageSource } from './sources/package-source.js';
import { ProgramCache } from './sources/program-cache.js';

/**
 * Finds a server program: named by hand, on the PATH, in the project's cache, or installed into the cache from the first source
 * that works. A program named by hand that does not do is an error at once; otherwise the error lists all that was tried.
 */
export async function findServer(wanted: WantedServer, options: FindOptions): Promise<FoundServer> {
  const { progress } = options;
  const tried: string[] = [];
  const attempt = async (label: string, find: () => Promise<FoundServer>): Promise<FoundServer | undefined> => {
    try {
      return await find();
    } catch (error) {
      options.signal?.throwIfAborted();
      tried.push(`${label}: ${reasonOf(error)}`);
      return undefined;
    }
  };
  if (wanted.named !== undefined) return namedByHand(wanted, wanted.named);
  tried.push(`${wanted.variable}: not set`);
  const onPath = await attempt('PATH', () => findOnPath(wanted, options.searchPath));
  if (onPath !== undefined) return onPath;

  const platform = hostPlatform();
  const cache = new ProgramCache(join(options.cacheDir, `${wanted.name}-${platform.key}`));
  const cached = await attempt(`cache ${cache.folder}`, () => findInCache(wanted, cache));
  if (cached !== undefined) return cached;

  const context: InstallContext = { platform, progress, signal: options.signal };
  const installed = await cache.exclusively(context, async () => {
    const meanwhile = await findInCache(wanted, cache).catch(() => undefined);
    if (meanwhile !== undefined) return meanwhile;
    for (const source of wanted.sources) {
      const found = await attempt(source.name, async () => {
        await cache.install(source, context, (program) => checked(wanted, program));
        return findInCache(wanted, cache);
      });
      if (found !== undefined) return found;
      progress.step(`${wanted.name}: ${tried.at(-1)}`);
    }
    return undefined;
  });
  if (installed === undefined) throw new ServerNotFoundError(wanted, tried);
  progress.done(`${wanted.name} ${installed.version} installed into the project's cache (${installed.source})`);
  return installed;
}

/** A server to look for, and what counts. */
export interface WantedServer {
  /** For messages and the cache: "mongod". */
  readonly name: string;
  /** The environment variable that names a program by hand. */
  readonly variable: string;
  /** Its value. */
  readonly named: string | undefined;
  /** Names of the program on the PATH, best first. */
  readonly programs: readonly string[];
  readonly products: readonly ServerProduct[];
  readonly minimumVersion: string;
  readonly minimumReason: string;
  /** Where given, only versions of this series do: "6.0". */
  readonly series?: string;
  readonly sources: readonly PackageSource[];
  /** What a person can do when nothing worked. */
  readonly advice: string;
}

/** Where to look. */
export interface FindOptions {
  readonly cacheDir: string;
  readonly searchPath: readonly string[];
  readonly progress: Progress;
  readonly signal?: AbortSignal | undefined;
}

/** Nothing usable anywhere: what was tried, in order, and what to do. */
class ServerNotFoundError extends Error {
  constructor(wanted: WantedServer, tried: readonly string[]) {
    const list = tried.map((line, index) => `  ${index + 1}. ${line}`).join('\n');
    super(
      `No usable ${wanted.name} (${wanted.minimumVersion} or later) was found. Tried, in this order:\n${list}\n${wanted.advice}`,
    );
    this.name = 'ServerNotFoundError';
  }
}

async function namedByHand(wanted: WantedServer, path: string): Promise<FoundServer> {
  try {
    return await checked(wanted, { program: path, libraries: [], source: wanted.variable });
  } catch (error) {
    throw new Error(`${wanted.variable}=${path} cannot be used: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

async function findOnPath(wanted: WantedServer, searchPath: readonly string[]): Promise<FoundServer> {
  const reasons: string[] = [];
  for (const program of wanted.programs) {
    for (const folder of searchPath) {
      const path = join(folder, program);
      if (!(await isExecutable(path))) continue;
      try {
        return await checked(wanted, { program: path, libraries: [], source: 'PATH' });
      } catch (error) {
        reasons.push(reasonOf(error));
      }
    }
  }
  throw new Error(reasons.length > 0 ? reasons.join('; ') : `no ${wanted.programs.join(' or ')}`);
}

async function findInCache(wanted: WantedServer, cache: ProgramCache): Promise<FoundServer> {
  const installed = await cache.read();
  if (installed === undefined) throw new Error('nothing there yet');
  return checked(wanted, installed);
}

/** The program as found, if it runs, is the right product and is new enough. */
async function checked(wanted: WantedServer, installed: InstalledProgram): Promise<FoundServer> {
  const { program: path, libraries, source } = installed;
  const env: Record<string, string> = libraries.length === 0 ? {} : { LD_LIBRARY_PATH: libraries.join(':') };
  const { product, version } = await serverVersion(path, env);
  if (!wanted.products.includes(product)) throw new Error(`${path} is ${product}, not ${wanted.products.join(' or ')}`);
  if (!isAtLeast(version, wanted.minimumVersion)) {
    throw new Error(`${path} is version ${version}; ${wanted.minimumVersion} is needed ${wanted.minimumReason}`);
  }
  if (wanted.series !== undefined && !version.startsWith(`${wanted.series}.`)) {
    throw new Error(`${path} is version ${version}; ${wanted.series} is needed ${wanted.minimumReason}`);
  }
  return { path, product, version, source, env };
}
