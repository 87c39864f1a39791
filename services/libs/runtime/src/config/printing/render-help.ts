import type { ConfigTable } from '../declaration/define-config.js';
import { type ConfigRow, describeConfig } from './describe-config.js';

/** The text of `--help`: usage, exit codes and every variable with type, default and meaning. */
export function renderHelp(definition: ConfigTable): string {
  return [
    `${definition.name}: configured by environment variables; an empty value counts as unset.`,
    'In place of a secret the absolute path of a file with it may be given: NAME_FILE. It is read once, at the start.',
    '',
    '  --help          print this and exit',
    '  --check-config  print every value and where it came from; exit 0, or all faults and exit 1',
    '',
    'Exit code 78 means that the configuration is wrong.',
    '',
    ...describeConfig(definition).flatMap(entry),
  ].join('\n');
}

function entry(row: ConfigRow): string[] {
  const facts = [row.type, row.required ? 'required' : `default ${row.default ?? 'unset'}`];
  if (row.fileEnv !== undefined) facts.push(`secret, or its file in ${row.fileEnv}`);
  if (row.forbiddenInProduction) facts.push('refused in production');
  return [`${row.env}  (${facts.join('; ')})`, `    ${row.doc}`, ''];
}
