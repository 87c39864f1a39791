import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load, loadAll } from 'js-yaml';
import { expect, it } from 'vitest';
import { repository } from '../../k8s.config.js';
import { findHelm } from '../find-helm.js';
import { type Rendered, renderChart } from '../render-chart.js';

const helm = await findHelm(4);
const path = (name: string): string => join(repository, 'k8s', name);
const read = (name: string): string => readFileSync(path(name), 'utf8');
/** With the values of a laptop, and those on top of them. */
const render = (...files: readonly string[]): Promise<readonly Rendered[]> =>
  renderChart(
    String(helm),
    {
      name: 'kind',
      chart: join(repository, 'charts/parlance'),
      values: join(repository, 'charts/parlance/ci/laptop-values.yaml'),
    },
    files.flatMap((file) => ['--values', path(file)]),
  );

it.skipIf(helm === undefined)('shards of each tier have a worker and a storage class of their tier', async () => {
  const { nodes } = load(read('kind.yaml')) as { readonly nodes: readonly { readonly labels?: { tier: string } }[] };
  const workers = nodes.flatMap(({ labels }) => labels?.tier ?? []);
  const classes = (loadAll(read('install/kind-storage-classes.yaml')) as readonly Rendered[]).map(
    ({ metadata }) => metadata.name,
  );
  const sets = (await render('install/kind-tiers-values.yaml'))
    .filter(({ kind, metadata }) => kind === 'StatefulSet' && /-(?:hot|warm|cold)-/.test(metadata.name))
    .map(({ spec }) => spec as unknown as StatefulSetSpec);
  const found = sets.map(({ template, volumeClaimTemplates: [claim] }) => ({
    tier: template.spec.nodeSelector?.['tier'],
    storage: claim?.spec.storageClassName,
  }));
  expect(found.toSorted((one, other) => String(one.tier).localeCompare(String(other.tier)))).toEqual(
    workers.toSorted().map((tier) => ({ tier, storage: `parlance-${tier}` })),
  );
  expect(classes.toSorted()).toEqual(workers.map((tier) => `parlance-${tier}`).toSorted());
});

it.skipIf(helm === undefined)('the example of monitoring tells Prometheus and Grafana', async () => {
  const kinds = (await render('install/kind-monitoring-values.yaml')).map(({ kind }) => kind);
  expect(kinds).toEqual(expect.arrayContaining(['ServiceMonitor', 'PrometheusRule']));
});

interface StatefulSetSpec {
  readonly template: { readonly spec: { readonly nodeSelector?: Readonly<Record<string, string>> } };
  readonly volumeClaimTemplates: readonly { readonly spec: { readonly storageClassName?: string } }[];
}
