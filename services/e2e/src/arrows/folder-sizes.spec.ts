import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../../..');
const most = 15;

it('has no folder with more source files than one looks through at a glance', () => {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts', '*.tsx'], {
    cwd: root,
  });
  const files = listed
    .toString()
    .trimEnd()
    .split('\n')
    .filter((path) => !path.includes('/gen/'));
  const large = [...Map.groupBy(files, (path) => dirname(path))].filter(([, inside]) => inside.length > most);
  expect(large.map(([folder, inside]) => `${folder}: ${inside.length}`)).toEqual([]);
});
