import type { ConfigRow } from './describe-config.js';

/**
 * Renders rows as one Markdown table per deployable (a level-two heading each), in the order given.
 * Deterministic, so that a test can compare the committed page with it.
 */
export function renderConfigMarkdown(rows: readonly ConfigRow[]): string {
  const byDeployable = Map.groupBy(rows, (row) => row.deployable);
  return [...byDeployable].map(([name, group]) => section(name, group)).join('\n');
}

function section(name: string, rows: readonly ConfigRow[]): string {
  const lines = rows.map((row) => `| \`${row.env}\` | ${cell(row.type)} | ${defaultCell(row)} | ${docCell(row)} |`);
  return [`## ${name}`, '', '| variable | type | default | meaning |', '|---|---|---|---|', ...lines, ''].join('\n');
}

function defaultCell(row: ConfigRow): string {
  if (row.required) return '**required**';
  return row.default === undefined ? 'unset' : `\`${cell(row.default)}\``;
}

function docCell(row: ConfigRow): string {
  const notes = [row.doc];
  if (row.fileEnv !== undefined) notes.push(`Secret, or \`${row.fileEnv}\`.`);
  if (row.forbiddenInProduction) notes.push('Refused with `NODE_ENV=production`.');
  return cell(notes.join(' '));
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
