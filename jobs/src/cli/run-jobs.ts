import { type Environment, loadConfig } from '@parlance/runtime';
import { readServerClock } from '@parlance/storage';
import { type Command, UsageError } from '../commands/command.js';
import { type JobsConfig, jobsConfig } from '../config.js';
import { type ExitCode, exitCode } from '../exit-code.js';
import { JobFailed } from '../job-failed.js';
import { connectMongo, type MongoLink } from '../mongo/connect-mongo.js';
import { LeaseHeld, withLease } from '../mongo/lease.js';
import { logView, Progress, terminalView } from '../progress/progress.js';
import { JsonReport } from '../report/json-report.js';
import { TextReport } from '../report/text-report.js';
import type { JobSurroundings } from '../surroundings.js';
import { type CommonOptions, readCommandLine, renderUsage } from './command-line.js';

/** What the command line touches outside itself. */
export interface CliSurroundings {
  readonly argv: readonly string[];
  /** Default: that of the process. */
  readonly env?: Environment;
  readonly stdout: Sink;
  readonly stderr: Sink;
  /** Ends the process at once; for `--help`, `--check-config` and a wrong environment. */
  readonly exit: (code: number) => never;
  /** Stops the job between two steps. */
  readonly signal: AbortSignal;
  /** See {@link JobSurroundings}; default: MongoDB's clock. */
  readonly now?: JobSurroundings['now'];
  /** See {@link JobSurroundings}; called after the check of the signal. Default: nothing. */
  readonly checkpoint?: JobSurroundings['checkpoint'];
}

/** Somewhere to write text, which may be a terminal. */
interface Sink {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Runs one command as the command line names it, and answers the code that the process ends with. Never throws. */
export async function runJobs(surroundings: CliSurroundings): Promise<ExitCode> {
  const { argv, stdout, stderr } = surroundings;
  const json = argv.includes('--json') ? new JsonReport((text) => void stdout.write(text)) : undefined;
  try {
    const code = await run(surroundings, json);
    json?.end(code);
    return code;
  } catch (thrown) {
    const [code, text, help] = failureOf(thrown);
    stderr.write(`jobs: ${text}\n${help}`);
    json?.end(code, text);
    return code;
  }
}

async function run(surroundings: CliSurroundings, json: JsonReport | undefined): Promise<ExitCode> {
  const { argv, env, stdout, stderr, exit } = surroundings;
  const isAsked = argv.includes('--help') || argv.includes('--check-config');
  if (argv.includes('--help')) stdout.write(renderUsage());
  const asked = isAsked ? undefined : readCommandLine(argv);
  const config = loadConfig(jobsConfig, { argv, stdout, stderr, exit, ...(env ? { env } : {}) });
  if (!asked) return exitCode.done;
  await using link = await connectMongo(config.mongoUri);
  const job = surroundingsOf(surroundings, link, config, json);
  if (!needsLease(asked.command, asked.common)) return await asked.command.run(asked.values, job);
  const wanted = { job: asked.command.name, waitSeconds: asked.common.waitSeconds };
  return await withLease(job, wanted, (signal) =>
    asked.command.run(asked.values, withSignal(job, surroundings, signal)),
  );
}

/** A dry run changes nothing, so it may run beside another. */
function needsLease(command: Command, { dryRun }: CommonOptions): boolean {
  return command.alone && !dryRun;
}

function surroundingsOf(
  cli: CliSurroundings,
  link: MongoLink,
  config: JobsConfig,
  json: JsonReport | undefined,
): JobSurroundings {
  const { database } = link;
  const view = cli.stderr.isTTY ? terminalView(cli.stderr) : logView(cli.stderr);
  const job = {
    database,
    config,
    progress: new Progress(view),
    report: json ?? new TextReport((text) => void cli.stdout.write(text)),
    now: cli.now ?? (() => readServerClock(database)),
  };
  return withSignal({ ...job, signal: cli.signal, checkpoint: async () => {} }, cli, cli.signal);
}

function withSignal(job: JobSurroundings, { checkpoint }: CliSurroundings, signal: AbortSignal): JobSurroundings {
  return {
    ...job,
    signal,
    async checkpoint(name) {
      signal.throwIfAborted();
      await checkpoint?.(name);
    },
  };
}

function failureOf(thrown: unknown): readonly [code: ExitCode, text: string, help: string] {
  if (thrown instanceof UsageError) return [exitCode.usage, thrown.message, `\n${renderUsage()}`];
  if (thrown instanceof LeaseHeld) return [exitCode.refused, thrown.message, ''];
  const text = thrown instanceof JobFailed ? thrown.message : String(thrown);
  return [exitCode.failed, `${text}; run the same command again`, ''];
}
