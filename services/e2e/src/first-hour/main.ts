import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { parseArgs } from 'node:util';
import { renderTable } from '../program/table.js';
import { findPages } from './find-pages.js';
import { isOnPath } from './is-on-path.js';
import { startWalkStack } from './start-walk-stack.js';
import { walkPages } from './walk-pages.js';

const usage = `Usage: node services/e2e/dist/first-hour/main.js [--keep] [--list] [--report FILE] [PAGE ...]

Does what the documentation tells somebody who builds on Parlance, page by page, as it stands there: saves its blocks as files and
runs its commands against a stack of its own ("make up"), in an empty folder for each page outside of the checkout. Prints a table
of the pages; exit code 1 when one does not work, 2 for a page that there is not.

  --keep         leave the folders, also when all is well; those of a page that failed are always left
  --list         the pages, and nothing else
  --report FILE  counts as JSON, in the words of vitest's own report
`;

const checkout = join(import.meta.dirname, '../../../..');
const { values, positionals } = parseArgs({
  options: {
    keep: { type: 'boolean' },
    list: { type: 'boolean' },
    report: { type: 'string' },
    help: { type: 'boolean' },
  },
  allowPositionals: true,
});
const all = await findPages(checkout);
const unknown = positionals.filter((name) => !all.some((page) => page.name === name));
if (values.help) process.stdout.write(usage);
else if (unknown.length > 0) {
  process.stderr.write(`There is no page ${unknown.join(', ')}; --list names them.\n`);
  process.exitCode = 2;
} else if (values.list) {
  for (const { name, path, walk } of all) process.stdout.write(`${name}  ${path}, ${walk.steps.length} steps\n`);
} else {
  const pages = positionals.length === 0 ? all : all.filter(({ name }) => positionals.includes(name));
  const stop = new AbortController();
  // Not once: while a listener stays, the guard of started processes leaves the end to this program, which stops the stack.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(name, () => stop.abort(new Error(`stopped by ${name}`)));
  const folder = await mkdtemp(join(tmpdir(), 'parlance-first-hour-'));
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  say('Starting a stack with "make up" ...');
  const stack = await startWalkStack(checkout, folder, stop.signal);
  try {
    // The Node of this repository and nothing else of it: what a page needs, it installs.
    const bin = join(folder, 'bin');
    await mkdir(bin);
    await symlink(process.execPath, join(bin, 'node'));
    const outside = (process.env['PATH'] ?? '').split(delimiter).filter((part) => !part.includes('node_modules'));
    const path = [bin, ...outside];
    const env = { ...stack.env, PATH: path.join(delimiter) };
    // k6 is also looked for elsewhere, and a browser may come without its window.
    const k6 = join(checkout, 'loadtest', 'dist', 'run.js');
    const isThere = (name: string): boolean =>
      isOnPath(name, path) ||
      (name === 'chromium' && isOnPath('chromium-headless-shell', path)) ||
      (name === 'k6' && spawnSync(process.execPath, [k6, '--which']).status === 0);
    const results = await walkPages(pages, { checkout, folder, env, isThere, say, signal: stop.signal });
    const rows = results.map(({ page, outcome, seconds }) => [page.path, page.walk.steps.length, outcome, seconds]);
    say(`\n${renderTable(['page', 'steps', 'outcome', 'seconds'], rows)}`);
    const count = (outcome: string): number => results.filter((result) => result.outcome === outcome).length;
    const counts = { passed: count('passed'), failed: count('failed'), skipped: count('skipped') };
    say(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
    if (values.report !== undefined)
      await writeFile(
        values.report,
        JSON.stringify({
          numPassedTests: counts.passed,
          numFailedTests: counts.failed,
          numPendingTests: counts.skipped,
        }),
      );
    if (counts.failed > 0) process.exitCode = 1;
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    say(`\n${(stop.signal.reason as Error).message}: the stack is stopped, the folders are removed`);
    process.exitCode = 130;
  } finally {
    await stack.stop();
    if (!values.keep && process.exitCode !== 1) await rm(folder, { recursive: true, force: true });
    else say(`Left as it is: ${folder}`);
  }
}
