import { execFile } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePorts, type StackPart, waitUntil } from '../src/index.js';
import { loadLocations } from '../src/locations.config.js';
import { type ProcessIdentity, processIdentity } from '../src/process/process-identity.js';
import { readStackState } from '../src/stack/stack-state.js';
import { RunningCommand } from './running-command.js';
import { type OnTestFinished, scratchFolder } from './scratch-folder.js';

const CLI = join(import.meta.dirname, '..', 'dist', 'cli.js');
const UP_WITH_FAKES = join(import.meta.dirname, 'fixtures', 'up-with-fakes.mjs');

/** A `.parlance` folder of a test with ports of its own, and the commands in it. All that runs there is stopped after the test. */
export class StackFolder {
  readonly parlanceDir: string;
  readonly env: Readonly<Record<string, string>>;

  private constructor(
    parlanceDir: string,
    ports: readonly number[],
    private readonly onTestFinished: OnTestFinished,
  ) {
    this.parlanceDir = parlanceDir;
    const [mongo = '', redis = '', chatService = '', ops = '', gateway = '', gatewayOps = '', web = ''] =
      ports.map(String);
    this.env = {
      PARLANCE_DIR: parlanceDir,
      MONGO_PORT: mongo,
      REDIS_PORT: redis,
      CHAT_SERVICE_PORT: chatService,
      CHAT_SERVICE_OPS_PORT: ops,
      GATEWAY_PORT: gateway,
      GATEWAY_OPS_PORT: gatewayOps,
      WEB_PORT: web,
    };
  }

  static async create(onTestFinished: OnTestFinished): Promise<StackFolder> {
    const parlanceDir = scratchFolder(onTestFinished);
    const { cacheDir } = loadLocations();
    mkdirSync(cacheDir, { recursive: true });
    symlinkSync(cacheDir, join(parlanceDir, 'cache'));
    const folder = new StackFolder(parlanceDir, await freePorts(7), onTestFinished);
    onTestFinished(async () => {
      await promisify(execFile)(process.execPath, [CLI, 'down'], { env: { ...process.env, ...folder.env } });
    });
    return folder;
  }

  /** `up` with fake services in place of the product's own. */
  up(args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): RunningCommand {
    return new RunningCommand(UP_WITH_FAKES, args, { ...this.env, ...env }, this.onTestFinished);
  }

  /** The real command line. */
  cli(...args: readonly string[]): RunningCommand {
    return new RunningCommand(CLI, args, this.env, this.onTestFinished);
  }

  /** The real command line on whatever ports are free, with more environment. */
  cliOnFreePorts(args: readonly string[], env: Readonly<Record<string, string>>): RunningCommand {
    const unset = Object.fromEntries(
      Object.keys(this.env).flatMap((name) => (name.endsWith('_PORT') ? [[name, '']] : [])),
    );
    return new RunningCommand(CLI, args, { ...this.env, ...unset, ...env }, this.onTestFinished);
  }

  get parts(): readonly StackPart[] {
    return readStackState(join(this.parlanceDir, 'run', 'stack.json'))?.parts ?? [];
  }

  get supervisorPid(): number {
    return readStackState(join(this.parlanceDir, 'run', 'stack.json'))?.supervisorPid ?? 0;
  }

  /** Who runs now, to be asked for later with `allGone`. */
  get processes(): readonly ProcessIdentity[] {
    return [this.supervisorPid, ...this.parts.map(({ pid }) => pid)]
      .map(processIdentity)
      .filter((identity) => identity !== undefined);
  }
}

/** Resolves when none of these processes runs any more. */
export function allGone(processes: readonly ProcessIdentity[]): Promise<true> {
  const left = (): readonly ProcessIdentity[] =>
    processes.filter(({ pid, startTime }) => processIdentity(pid)?.startTime === startTime);
  return waitUntil(() => (left().length === 0 ? true : undefined), {
    what: `the end of ${processes.map(({ pid }) => pid).join(', ')}`,
    timeoutMs: 60_000,
  });
}
