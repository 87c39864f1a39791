import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { repository } from '../k8s.config.js';

const read = (path: string): Promise<string> => readFile(join(repository, 'clients/typescript', path), 'utf8');

it("lists in the SDK's README what the reference has of the client: methods, accessors, events, states", async () => {
  const [readme, reference] = await Promise.all([read('README.md'), read('docs/reference.md')]);
  const sectionOf = (name: string): string => reference.split(`### ${name}\n`)[1]?.split('\n### ')[0] ?? '';
  const members = [...sectionOf('ParlanceClient').matchAll(/^##### (\w+)/gm)].map(([, name]) => name);
  const events = [...sectionOf('ClientEventMap').matchAll(/^##### (\w+)$/gm)].map(([, name]) => name);
  const states = [...sectionOf('ConnectionState').matchAll(/"(\w+)"/g)].map(([, name]) => name);
  const named = [...members, ...events, ...states].filter((name) => name !== 'Constructor' && name !== 'on');
  expect([members.length, events.length, states.length].every((count) => count > 4)).toBe(true);
  const [, table = ''] = readme.split('## What there is\n');
  const [list = ''] = table.split('\n## ');
  expect(named.filter((name) => !new RegExp(`\`${name}(\\(id\\))?\``).test(list))).toEqual([]);
});
