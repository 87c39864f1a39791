import type { Command } from '../cli/command.js';
import { exitCode } from '../exit-code.js';
import { readMonthRows } from './month-rows.js';

/** `jobs months`: what there is. */
export const monthsCommand: Command = {
  name: 'months',
  usage: 'months',
  doc: 'Prints all months: tier, state, messages, bytes on disk, shards, when they were verified, their manifest in the archive.',
  alone: false,
  options: {},
  async run(_values, context) {
    const rows = await context.progress.during('reading the months', () => readMonthRows(context));
    context.report.table(
      'months',
      rows.map((row) => ({ ...row })),
    );
    return exitCode.done;
  },
};
