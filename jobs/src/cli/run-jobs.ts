import { randomUUID } from 'node:crypto';
import { type Environment, loadConfig } from '@parlance/runtime';
import { readServerClock } from '@parlance/storage';
import { type JobsConfig, jobsConfig } from '../config.js';
import { type ExitCode, exitCode } from '../exit-code.js';
import type { JobContext, StandaloneContext } from '../job-context.js';
import type { ChatMonthKeeper } from '../kubernetes/chat-month-keeper.js';
import { keepChatMonths } from '../kubernetes/keep-chat-months.js';
import { repairBalancer } from '../mongo/cluster/balancer.js';
import { connectMongo, type MongoConnection } from '../mongo/connect-mongo.js';
import { withLease } from '../mongo/lease.js';
import { logView, Progress, terminalView } from '../progress/progress.js';
import { JsonReport } from '../report/json-report.js';
import { TextReport } from '../report/text-report.js';
import { Findings } from '../runs/findings.js';
import { keepRun } from '../runs/keep-run.js';
import { keptJob } from '../runs/kept-job.js';
import { type Command, UsageError } from './command.js';
import { type CommonOptions, readCommandLine, renderUsage, standaloneNamed } from './command-line.js';
import { failureOf } from './failure-of.js';
import type { LoadConfig } from './standalone-command.js';

const elapsedMs = (): number => performance.now();

/** What the command line touches outside itself. */
export interface CliContext {
  readonly argv: readonly string[];
  /** Default: that of the process. */
  readonly env?: Environment;
  readonly stdout: Sink;
  readonly stderr: Sink;
  /** Ends the process at once; for `--help`, `--check-config` and a wrong environment. */
  readonly exit: (code: number) => never;
  /** Stops the job between two steps. */
  readonly signal: AbortSignal;
  /** See {@link JobContext}; default: MongoDB's clock. */
  readonly now?: JobContext['now'];
  /** See {@link JobContext}; called after the check of the signal. Default: nothing. */
  readonly checkpoint?: JobContext['checkpoint'];
}

/** Somewhere to write text, which may be a terminal. */
interface Sink {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Runs one command as the command line names it, and answers the code that the process ends with. Never throws. */
export async function runJobs(context: CliContext): Promise<ExitCode> {
  const { argv, stdout, stderr } = context;
  const json = argv.includes('--json') ? new JsonReport((text) => void stdout.write(text)) : undefined;
  try {
    const code = await run(context, json);
    json?.end(code);
    return code;
  } catch (thrown) {
    const { code, text } = failureOf(thrown);
    stderr.write(`jobs: ${text}\n${thrown instanceof UsageError ? `\n${renderUsage()}` : ''}`);
    json?.end(code, text);
    return code;
  }
}

async function run(context: CliContext, json: JsonReport | undefined): Promise<ExitCode> {
  const { argv, env, stdout, stderr, exit } = context;
  const load: LoadConfig = (definition) => loadConfig(definition, { argv, stdout, stderr, exit, ...(env && { env }) });
  if (argv.includes('--help') || argv.includes('--check-config')) {
    if (argv.includes('--help')) stdout.write(renderUsage());
    const standalone = standaloneNamed(argv);
    if (standalone) standalone.configure(load);
    else load(jobsConfig);
    return exitCode.done;
  }
  const { command, values, common } = readCommandLine(argv);
  if ('configure' in command) return await command.configure(load)(values, standaloneContext(context, json));
  const config = load(jobsConfig);
  const complain = (text: string): void => void stderr.write(text);
  await using connection = await connectMongo(config.mongoUri);
  await using months = common.dryRun ? undefined : keepChatMonths(connection.database, config, complain, elapsedMs);
  const watched = { ...context, checkpoint: touching(context.checkpoint, months) };
  const job = contextOf(watched, connection, config, json);
  if (!common.dryRun) await repair(job);
  const kept = keptJob(command.name, values);
  const work = async (on: JobContext): Promise<ExitCode> =>
    kept === undefined
      ? await command.run(values, on)
      : await keepRun(on, { name: kept, complain }, (noted) => command.run(values, noted));
  if (!needsLease(command, common)) return await work(job);
  const wanted = { job: command.name, waitSeconds: common.waitSeconds };
  return await withLease(job, wanted, (signal) => work(withSignal(job, watched, signal)));
}

/** After each step of a job its months are shown anew. */
function touching(checkpoint: CliContext['checkpoint'], months: ChatMonthKeeper | undefined) {
  return async (name: string): Promise<void> => {
    months?.touch();
    await checkpoint?.(name);
  };
}

/** Before anything else, whatever the job: nobody else would notice a balancer that a dead job has left off. */
async function repair({ database, report }: JobContext): Promise<void> {
  const left = await repairBalancer(database);
  if (left !== undefined) report.done(`switched on MongoDB's balancer, which a dead ${left} had left off`, { left });
}

/** A dry run changes nothing, so it may run beside another. */
function needsLease(command: Command, { dryRun }: CommonOptions): boolean {
  return command.alone && !dryRun;
}

function contextOf(
  cli: CliContext,
  connection: MongoConnection,
  config: JobsConfig,
  json: JsonReport | undefined,
): JobContext {
  const { database } = connection;
  const now = cli.now ?? (() => readServerClock(database));
  return { ...standaloneContext(cli, json), database, config, now, findings: new Findings() };
}

function standaloneContext(cli: CliContext, json: JsonReport | undefined): StandaloneContext {
  const job = {
    run: randomUUID(),
    newId: randomUUID,
    elapsedMs,
    progress: new Progress(cli.stderr.isTTY ? terminalView(cli.stderr) : logView(cli.stderr), elapsedMs),
    report: json ?? new TextReport((text) => void cli.stdout.write(text)),
  };
  return withSignal({ ...job, signal: cli.signal, checkpoint: async () => {} }, cli, cli.signal);
}

function withSignal<Job extends StandaloneContext>(job: Job, { checkpoint }: CliContext, signal: AbortSignal): Job {
  return {
    ...job,
    signal,
    async checkpoint(name) {
      signal.throwIfAborted();
      await checkpoint?.(name);
    },
  };
}
