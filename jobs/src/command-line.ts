import { parseArgs } from 'node:util';
import { auditCommand } from './commands/audit.js';
import { type Command, type OptionValues, UsageError } from './commands/command.js';
import { createMonthsCommand } from './commands/create-months.js';
import { sealMonthCommand } from './commands/seal-month.js';

/** All jobs, in the order of `--help`. */
export const commands: readonly Command[] = [createMonthsCommand, sealMonthCommand, auditCommand];

/** A command with the values of its options, read from the arguments after the program's name. Throws UsageError. */
export function readCommandLine(argv: readonly string[]): { readonly command: Command; readonly values: OptionValues } {
  const [name, ...rest] = argv;
  const command = commands.find((each) => each.name === name);
  if (!command) {
    throw new UsageError(name === undefined ? 'no command is named' : `there is no command ${JSON.stringify(name)}`);
  }
  try {
    const { values } = parseArgs({ args: rest, options: command.options, strict: true, allowPositionals: false });
    return { command, values };
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
    'without --repair.',
    'It may be stopped at any point: run the same command again.',
    'Exit codes: 0 done, 1 failed or stopped, 2 wrong command line, 3 refused for now, 4 faults found and left,',
    '78 wrong environment.',
    '',
    '',
  ].join('\n');
}
