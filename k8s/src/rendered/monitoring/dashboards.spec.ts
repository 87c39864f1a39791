import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { boards } from '../../dashboard/boards.js';
import { repository } from '../../k8s.config.js';
import { findHelm } from '../find-helm.js';
import { chartCases, type Rendered, renderChart } from '../render-chart.js';
import { declaredMetrics, knownMetrics } from './known-metrics.js';
import { readPromql } from './read-promql.js';

const helm = await findHelm(4);
const addons = chartCases.find(({ name }) => name === 'parlance with addons');
if (!addons) throw new Error('there is no ci/addons-values.yaml');

/** What Node tells beside what a panel shows: parts of a sum, or another measure of the same. */
const unshown = new Set([
  'process_cpu_user_seconds_total',
  'process_cpu_system_seconds_total',
  'process_virtual_memory_bytes',
  'process_heap_bytes',
  'nodejs_version_info',
  'nodejs_active_resources',
  'nodejs_active_handles',
  'nodejs_active_requests',
  'nodejs_heap_size_total_bytes',
  'nodejs_external_memory_bytes',
  'nodejs_heap_space_size_total_bytes',
  'nodejs_heap_space_size_used_bytes',
  'nodejs_heap_space_size_available_bytes',
  'nodejs_eventloop_lag_seconds',
  'nodejs_eventloop_lag_min_seconds',
  'nodejs_eventloop_lag_max_seconds',
  'nodejs_eventloop_lag_mean_seconds',
  'nodejs_eventloop_lag_stddev_seconds',
  'nodejs_eventloop_lag_p50_seconds',
  'nodejs_eventloop_lag_p90_seconds',
]);

describe.skipIf(helm === undefined)('what Grafana is told', () => {
  let fileNames: readonly string[];
  let dashboards: readonly Dashboard[];
  beforeAll(async () => {
    const files = (await renderChart(String(helm), addons))
      .flatMap(({ data = {} }: Rendered) => Object.entries(data))
      .filter(([name]) => /^parlance-[\w-]+\.json$/.test(name));
    dashboards = files.map(([, text]) => JSON.parse(text) as Dashboard);
    fileNames = files.map(([name]) => name);
  });
  const panels = (): readonly Panel[] => dashboards.flatMap((each) => each.panels);
  const expressions = (): readonly string[] => panels().flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));

  it('has a dashboard for each part', () => {
    const names = ['overview', 'gateway', 'chat-service', 'message-log', 'jobs', 'redis', 'mongodb', 'capacity'];
    expect(fileNames.toSorted()).toEqual(names.map((name) => `parlance-${name}.json`).toSorted());
    expect(dashboards.map(({ uid }) => `${uid}.json`)).toEqual(fileNames);
  });

  it('asks only for metrics and labels that are there', () => {
    const known = knownMetrics();
    for (const query of expressions()) {
      for (const { metric, matchers } of readPromql(query)) {
        expect([...known.keys()], query).toContain(metric);
        for (const { label } of matchers) expect([...(known.get(metric) ?? [])], query).toContain(label);
      }
    }
    for (const { query } of dashboards.flatMap(({ templating }) => templating.list)) {
      const [, metric, label] =
        /^label_values\((\w+)(?:\{.*\})?, (\w+)\)$/.exec(typeof query === 'object' ? query.query : '') ?? [];
      expect(metric === undefined || known.get(metric)?.has(label ?? '')).toBe(true);
    }
  });

  it('shows every metric that is declared', () => {
    const shown = new Set(expressions().flatMap((query) => readPromql(query).map(({ metric }) => metric)));
    const names = declaredMetrics().map(({ name }) => name);
    const missing = names.filter(
      (name) => !['', '_bucket', '_sum', '_count'].some((end) => shown.has(`${name}${end}`)),
    );
    expect(new Set(missing)).toEqual(unshown);
  });

  it('shows every panel of a query with a legend of its own and a text, and no panel over another', () => {
    for (const { uid, panels: all } of dashboards) {
      const places = all.map(({ gridPos: { x, y } }) => `${x} ${y}`);
      expect(places, uid).toEqual([...new Set(places)]);
      const ids = all.map(({ id }) => id);
      expect(ids, uid).toEqual([...new Set(ids)]);
      const shown = all.filter(({ type }) => type !== 'row');
      const titles = shown.map(({ title }) => title);
      expect(titles, uid).toEqual([...new Set(titles)]);
      for (const { title, description, targets = [] } of shown) {
        expect(targets.length, title).toBeGreaterThan(0);
        expect(description, title).toMatch(/\.$/);
        expect(targets.map(({ refId }) => refId).join(''), title).toBe('ABCDEF'.slice(0, targets.length));
        for (const { legendFormat } of targets) expect(legendFormat, title).not.toBe('');
      }
    }
  });
});

it('has the panels that runbooks and operations.md lead to', () => {
  const pages = globSync('docs/{operations.md,runbooks/*.md}', { cwd: repository })
    .map((path) => readFileSync(join(repository, path), 'utf8').replaceAll(/\s+/g, ' '))
    .join('\n');
  const named = [...pages.matchAll(/\bdashboard ([A-Z][\w ]+?), "([^"]+)"/g)];
  expect(named.length).toBeGreaterThan(20);
  for (const [, name, panel] of named) {
    const rows =
      boards.find(({ title }) => title.toLowerCase().startsWith(`parlance: ${name?.toLowerCase()}`))?.rows ?? {};
    const titles = Object.values(rows).flatMap((panels) => panels.map(({ title }) => title));
    expect(titles, name).toContain(panel);
  }
});

interface Dashboard {
  readonly uid: string;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly query: string | { readonly query: string } }[] };
}

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number };
  readonly targets?: readonly { readonly refId: string; readonly expr: string; readonly legendFormat: string }[];
}
