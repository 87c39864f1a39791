import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exitCode } from '@parlance/jobs';
import { expect, it } from 'vitest';
import { repository } from '../k8s.config.js';

const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: repository,
  encoding: 'utf8',
})
  .trimEnd()
  .split('\n');
const read = (path: string): string => readFileSync(join(repository, path), 'utf8');
/** Decisions and the list of changes name what was there when they were written; references are generated. */
const pages = tracked.filter(
  (path) => path.endsWith('.md') && !/^docs\/adr\/\d|^CHANGELOG|\/docs\/reference\.md$/.test(path),
);
/** Made by the reader of the page, or standing for any name. */
const notHere = /^(?:x\.|session\.mjs$)/;

it.each(pages)('%s names no source file that is not there', (page) => {
  const named = [...read(page).matchAll(/`([\w@./-]+\.(?:ts|tsx|proto|cjs))`/g)].map(([, name = '']) => name);
  const isThere = (name: string): boolean => tracked.some((path) => path === name || path.endsWith(`/${name}`));
  expect(named.filter((name) => !notHere.test(name) && !isThere(name))).toEqual([]);
});

it.each(pages)('%s has no table that is wider than 120 columns: that is a list', (page) => {
  expect(
    read(page)
      .split('\n')
      .filter((line) => line.startsWith('|') && line.length > 120),
  ).toEqual([]);
});

it('lists every workspace where people look for it', () => {
  const { workspaces } = JSON.parse(read('package.json')) as { readonly workspaces: readonly string[] };
  const [, map = ''] = read('CONTRIBUTING.md').split('## The map');
  for (const workspace of workspaces) expect(map).toContain(`\`${workspace}/\``);
  // The older React of a test is no place of its own.
  const missing = workspaces.filter(
    (workspace) => workspace !== 'clients/react-18' && !read('README.md').includes(`](${workspace}/)`),
  );
  expect(missing).toEqual([]);
});

it('says of every exit code of the jobs what it means', () => {
  const [, after = ''] = read('jobs/README.md').split('Exit codes:\n\n');
  const [list = ''] = after.split('\n\n');
  const codes = [...list.matchAll(/^- (\d+): /gm)].map(([, code]) => Number(code));
  // The loader of the environment adds the last one.
  expect(codes).toEqual([...Object.values(exitCode), 78]);
});
