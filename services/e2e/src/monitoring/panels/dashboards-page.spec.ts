import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readDashboards } from './dashboard-panels.js';

const repository = join(import.meta.dirname, '../../../../..');

it('has a picture of every dashboard of the chart', async () => {
  const page = readFileSync(join(repository, 'docs/dashboards.md'), 'utf8');
  const pictures = [...page.matchAll(/\(dashboards\/(.+?)\.svg\)/g)].map(([, name = '']) => name);
  const dashboards = await readDashboards(join(repository, 'charts/parlance/files'));
  expect(pictures.toSorted()).toEqual(dashboards.map(({ name }) => name));
  for (const name of pictures) expect(existsSync(join(repository, `docs/dashboards/${name}.svg`)), name).toBe(true);
});
