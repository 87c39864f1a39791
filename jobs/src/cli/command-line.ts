import { type ParseArgsConfig, parseArgs } from 'node:util';
import { archiveMonthsCommand } from '../archive/archive-months.js';
import { restoreMonthCommand } from '../archive/restore/restore-month.js';
import { scrubArchiveCommand } from '../archive/scrub/scrub-archive.js';
import { auditCommand } from '../audit/audit.js';
import { backupCommand } from '../backup/backup.js';
import { restoreBackupCommand } from '../backup/restore/restore-backup.js';
import { bootstrapCommand } from '../bootstrap/bootstrap.js';
import { raiseEpochCommand } from '../epoch/raise-epoch.js';
import { eraseUserCommand } from '../erasure/erase-user.js';
import { foldEventsCommand } from '../fold/fold-events.js';
import { createMonthsCommand } from '../months/create-months.js';
import { monthsCommand } from '../months/months.js';
import { sealMonthCommand } from '../months/seal-month.js';
import { redisBootstrapCommand } from '../redis/redis-bootstrap.js';
import { redisHealCommand } from '../redis/redis-heal.js';
import { applyRetentionCommand } from '../retention/apply-retention.js';
import { rollMongodbCommand } from '../roll/roll-mongodb.js';
import { initSecretsCommand } from '../secrets/init-secrets.js';
import { migrateTiersCommand } from '../tiers/migrate-tiers.js';
import { verifyCommand } from '../verify/verify.js';
import { type Command, type OptionValues, UsageError } from './command.js';
import type { StandaloneCommand } from './standalone-command.js';

/** All jobs, in the order of `--help`. */
const commands: readonly (Command | StandaloneCommand)[] = [
  bootstrapCommand,
  rollMongodbCommand,
  createMonthsCommand,
  sealMonthCommand,
  migrateTiersCommand,
  monthsCommand,
  verifyCommand,
  archiveMonthsCommand,
  restoreMonthCommand,
  scrubArchiveCommand,
  auditCommand,
  raiseEpochCommand,
  backupCommand,
  restoreBackupCommand,
  applyRetentionCommand,
  eraseUserCommand,
  foldEventsCommand,
  redisBootstrapCommand,
  redisHealCommand,
  initSecretsCommand,
];

/** Options that every command has. */
export interface CommonOptions {
  /** Print the plan and change nothing. */
  readonly dryRun: boolean;
  /** How long to wait for another job to end, seconds. */
  readonly waitSeconds: number;
}

/** What the arguments ask for. */
export interface AskedCommand {
  readonly command: Command | StandaloneCommand;
  readonly values: OptionValues;
  readonly common: CommonOptions;
}

const commonOptions = { json: { type: 'boolean' }, wait: { type: 'string' } } as const;

/** The standalone command that the arguments begin with, if they do. */
export function standaloneNamed(argv: readonly string[]): StandaloneCommand | undefined {
  const command = commands.find(({ name }) => name === argv[0]);
  return command && 'configure' in command ? command : undefined;
}

/** A command with the values of its options, read from the arguments after the program's name. Throws UsageError. */
export function readCommandLine(argv: readonly string[]): AskedCommand {
  const [name, ...rest] = argv;
  const command = commands.find((each) => each.name === name);
  if (!command) {
    throw new UsageError(name === undefined ? 'no command is named' : `there is no command ${JSON.stringify(name)}`);
  }
  const options = { ...commonOptions, ...command.options };
  const values = parsed({ args: rest, options, strict: true, allowPositionals: false });
  const waitSeconds = Number(values['wait'] ?? 0);
  if (!Number.isInteger(waitSeconds) || waitSeconds < 0) throw new UsageError('--wait must be a number of seconds');
  return { command, values, common: { dryRun: values['dry-run'] === true, waitSeconds } };
}

function parsed(config: ParseArgsConfig): OptionValues {
  try {
    return parseArgs(config).values as OptionValues;
  } catch (thrown) {
    throw new UsageError(thrown instanceof Error ? thrown.message : String(thrown));
  }
}

/** What `--help` prints before the environment. */
export function renderUsage(): string {
  return [
    'jobs: what is done to the message log and to rooms from outside the services.',
    '',
    ...commands.flatMap(({ usage, doc }) => [`  jobs ${usage}`, `      ${doc}`]),
    '',
    'A job prints what it found and what it will do, each step with its reason. --dry-run ends there, and so does audit',
    'without --repair. --json prints the same as JSON lines. It may be stopped at any point: run the same command again.',
    'Some jobs run alone: a second one says who is at work and ends with 3, or waits for it with --wait SECONDS.',
    'bootstrap, roll-mongodb, redis-bootstrap, redis-heal and init-secrets have an environment of their own: see `jobs bootstrap --help`.',
    'Exit codes: 0 done, 1 failed or stopped, 2 wrong command line, 3 refused for now, 4 faults found and left,',
    '78 wrong environment.',
    '',
    '',
  ].join('\n');
}
