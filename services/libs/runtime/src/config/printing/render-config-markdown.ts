import type { ConfigRow } from './describe-config.js';

const columns = 120;

/**
 * Renders rows as one Markdown list per deployable (a level-two heading each), in the order given, no line longer than 120.
 * Deterministic, so that a test can compare the committed page with it.
 */
export function renderConfigMarkdown(rows: readonly ConfigRow[]): string {
  const byDeployable = Map.groupBy(rows, (row) => row.deployable);
  return [...byDeployable].map(([name, group]) => `## ${name}\n\n${group.map(entryOf).join('\n')}\n`).join('\n');
}

function entryOf(row: ConfigRow): string {
  const notes = [`- \`${row.env}\` (${row.type}; ${defaultOf(row)}): ${row.doc}`];
  if (row.fileEnv !== undefined) notes.push(`Secret, or \`${row.fileEnv}\`.`);
  if (row.forbiddenInProduction) notes.push('Refused with `NODE_ENV=production`.');
  const lines = [''];
  for (const word of notes.join(' ').split(/\s+/)) {
    const line = lines.at(-1) ?? '';
    if (line === '') lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= columns) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(`  ${word}`);
  }
  return lines.join('\n');
}

function defaultOf(row: ConfigRow): string {
  if (row.required) return '**required**';
  if (row.default === undefined) return 'unset';
  return row.default === '' ? 'empty' : `\`${row.default}\``;
}
