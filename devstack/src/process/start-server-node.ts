import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { FoundServer } from '../binaries/found-server.js';
import { waitForPort } from '../ports/wait-for-port.js';
import type { Progress } from '../progress.js';
import { reasonOf } from '../reason-of.js';
import { ServerNode } from './server-node.js';
import { startProcess } from './start-process.js';

/** Starts one server process with a data folder and a log of its own, and resolves when it accepts connections. */
export async function startServerNode(
  spec: ServerNodeSpec,
  options: ServerOptions,
  timeoutMs: number,
): Promise<ServerNode> {
  const { name, binary, port } = spec;
  const folder = join(options.dataDir, name);
  await mkdir(folder, { recursive: true });
  const started = await startProcess({
    name,
    command: binary.path,
    args: spec.args(folder),
    env: { ...binary.env, ...options.env },
    logFile: join(options.logDir ?? options.dataDir, `${name}.log`),
    ready: ({ signal }) => waitForPort(port, { signal, timeoutMs }),
    readyTimeoutMs: timeoutMs,
    signal: options.signal,
    ...(options.ledgerDir === undefined ? {} : { ledgerDir: options.ledgerDir }),
  });
  return new ServerNode(started, port, folder);
}

/** One server process. */
export interface ServerNodeSpec {
  readonly name: string;
  readonly binary: Pick<FoundServer, 'path' | 'env'>;
  readonly port: number;
  /** Its command line, given its data folder. */
  readonly args: (dataDir: string) => readonly string[];
}

/** What can be said about any kind of server. */
export interface ServerOptions {
  /** Made when missing; each node has a folder in it. */
  readonly dataDir: string;
  /** One for each node; an error when one is taken. Default: free ones. */
  readonly ports?: readonly number[];
  /** Default: `dataDir`. */
  readonly logDir?: string;
  /** For each step of the start, in milliseconds; default 60,000. */
  readonly readyTimeoutMs?: number;
  /** Told about the search for, and download of, the server program. Default: silence. */
  readonly progress?: Progress;
  /** More environment for each node. */
  readonly env?: Readonly<Record<string, string>>;
  /** Aborts a start under way. */
  readonly signal?: AbortSignal | undefined;
  /** Where child processes are written down; default `<PARLANCE_DIR>/run/ledger`. */
  readonly ledgerDir?: string;
}

/** Stops nodes that did not come together, and returns the error to throw: the reason and the last words of each. */
export async function abandon(nodes: readonly ServerNode[], what: string, error: unknown): Promise<Error> {
  const words = nodes.map((node) => [`${node.name} (${node.logFile}):`, ...node.process.lastLines(5)].join('\n  | '));
  await Promise.all(nodes.map((node) => node.stop()));
  return new Error([`${what}: ${reasonOf(error)}`, ...words].join('\n'), {
    cause: error,
  });
}
