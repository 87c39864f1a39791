import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { repository } from '../k8s.config.js';

const listed = (folder: string): readonly string[] =>
  readdirSync(join(repository, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));
const pages = [
  ...listed('.'),
  ...listed('docs'),
  'jobs/README.md',
  'k8s/README.md',
  ...['mongodb-sharded', 'parlance', 'redis-cluster'].map((chart) => `charts/${chart}/README.md`),
];

/** As the hosts of such pages make them: lower case, letters, digits, spaces as hyphens. */
function anchorsOf(page: string): ReadonlySet<string> {
  const headlines = [...page.replaceAll(/^```[\s\S]*?^```$/gm, '').matchAll(/^#+ (.+)$/gm)].map(
    ([, text = '']) => text,
  );
  return new Set(
    headlines.map((text) =>
      text
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

it.each(pages)('every link of %s leads to a file or a headline that is there', (path) => {
  const page = readFileSync(join(repository, path), 'utf8').replaceAll(/^```[\s\S]*?^```$/gm, '');
  const targets = [...page.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  const lost = targets
    .filter((target) => !/^[a-z]+:/.test(target))
    .filter((target) => {
      const [file = '', anchor] = target.split('#');
      const full = file === '' ? join(repository, path) : resolve(repository, dirname(path), file);
      if (!existsSync(full) || relative(repository, full).startsWith('..')) return true;
      return anchor !== undefined && full.endsWith('.md') && !anchorsOf(readFileSync(full, 'utf8')).has(anchor);
    });
  expect(lost).toEqual([]);
});
