import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repository } from '../../k8s.config.js';
import { findHelm } from '../find-helm.js';
import { chartCases, type Rendered, renderChart } from '../render-chart.js';
import { immutableChanges } from './immutable-changes.js';
import { previousCharts } from './previous-charts.js';
import { valuePaths } from './value-paths.js';

const helm = await findHelm(4);
const previous = helm === undefined ? [] : await previousCharts();
afterAll(() => Promise.all(previous.map(({ folder }) => rm(folder, { recursive: true, force: true }))));

describe('an upgrade', () => {
  const object = (kind: string, spec: object, annotations = {}): Rendered =>
    ({ apiVersion: 'v1', kind, metadata: { name: 'x', annotations }, spec }) as unknown as Rendered;

  it.each([
    ['StatefulSet', { serviceName: 'a', replicas: 1 }, { serviceName: 'b', replicas: 3 }, ['spec.serviceName']],
    ['StatefulSet', { template: {} }, { template: { a: 1 } }, []],
    ['StatefulSet', {}, { podManagementPolicy: 'Parallel' }, ['spec.podManagementPolicy']],
    ['Deployment', { selector: { a: '1' } }, { selector: { a: '2' } }, ['spec.selector']],
    ['Service', { clusterIP: 'None' }, {}, ['spec.clusterIP']],
    ['Job', { template: {}, backoffLimit: 1 }, { template: { a: 1 }, backoffLimit: 2 }, ['spec.template']],
    ['ConfigMap', { a: 1 }, { a: 2 }, []],
  ])('of a %s is looked at field by field', (kind, before, after, fields) => {
    const expected = fields.map((field) => `${kind} x: ${field}`);
    expect(immutableChanges([object(kind, before)], [object(kind, after)])).toEqual(expected);
    const hook = { 'helm.sh/hook-delete-policy': 'before-hook-creation,hook-succeeded' };
    expect(immutableChanges([object(kind, before)], [object(kind, after, hook)])).toEqual([]);
    expect(immutableChanges([object(kind, before)], [])).toEqual([]);
  });
});

describe.each(previous)('an upgrade from $name', ({ folder }) => {
  const old = (path: string): string => path.replace(repository, `${folder}/`);
  const cases = chartCases.filter(({ values }) => existsSync(old(values)));

  it.each(cases)('of $name takes the same values and changes no field that cannot be changed', async (each) => {
    const values = old(each.values);
    const before = await renderChart(String(helm), { ...each, chart: old(each.chart), values });
    const after = await renderChart(String(helm), { ...each, values });
    expect(immutableChanges(before, after)).toEqual([]);
  });

  it('knows every value still, or CHANGELOG.md says that it is gone', () => {
    const pathsIn = (file: string): readonly string[] => valuePaths(load(readFileSync(file, 'utf8')));
    const unreleased = /## \[Unreleased\]([\s\S]*?)(?=\n## \[|$)/.exec(
      readFileSync(join(repository, 'CHANGELOG.md'), 'utf8'),
    )?.[1];
    for (const chart of new Set(cases.map((each) => each.chart))) {
      const now = new Set(pathsIn(join(chart, 'values.yaml')));
      const gone = pathsIn(join(old(chart), 'values.yaml')).filter((path) => !now.has(path));
      expect(gone.filter((path) => !unreleased?.includes(`\`${path}\``))).toEqual([]);
    }
  });
});

describe.skipIf(helm === undefined)('an upgrade with other values and of a newer chart', () => {
  let newer: string;
  beforeAll(async () => {
    newer = await mkdtemp(join(tmpdir(), 'parlance-charts-'));
    for (const folder of ['charts', 'k8s/crds'])
      await cp(join(repository, folder), join(newer, folder), { recursive: true, verbatimSymlinks: true });
    for (const chart of ['parlance', 'redis-cluster', 'mongodb-sharded']) {
      const file = join(newer, 'charts', chart, 'Chart.yaml');
      await writeFile(file, readFileSync(file, 'utf8').replaceAll('0.1.0', '0.2.0'));
    }
  });
  afterAll(() => rm(newer, { recursive: true, force: true }));

  it.each(chartCases.filter(({ name }) => name.startsWith('parlance')))(
    'of $name changes no field that cannot be changed',
    async (each) => {
      const before = await renderChart(String(helm), each);
      const newCluster = [
        'redis.replicasPerMaster=2',
        'mongodb.tiers.hot.shards=3',
        'mongodb.tiers.warm.members=5',
        'mongodb.tiers.cold.cacheGB=2',
      ];
      const sameCluster = [
        'global.imagePullPolicy=Always',
        'podLabels.team=chat',
        'gateway.replicas=5',
        'gateway.podAnnotations.a=b',
        'chatService.resources.requests.cpu=77m',
        'jobs.resources.requests.cpu=77m',
        'web.priorityClassName=high',
        'networkPolicy.enabled=false',
        'redis.nodeTimeoutMs=5000',
        'redis.jobs.resources.requests.cpu=77m',
        'redis.jobs.patienceSeconds=60',
        'redis.podLabels.team=chat',
        'mongodb.jobs.resources.requests.cpu=77m',
        'mongodb.jobs.patienceSeconds=60',
        'mongodb.terminationGracePeriodSeconds=120',
        'mongodb.podLabels.team=chat',
      ];
      for (const [chart, settings] of [
        [each.chart, sameCluster],
        [each.chart, newCluster],
        [each.chart.replace(repository, `${newer}/`), []],
      ] as const) {
        const more = settings.flatMap((setting) => ['--set', setting]);
        expect(immutableChanges(before, await renderChart(String(helm), { ...each, chart }, more))).toEqual([]);
      }
    },
  );
});
