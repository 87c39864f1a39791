import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClientRequests, errorTable } from '@parlance/proto';
import { beforeAll, describe, expect, it } from 'vitest';
import { runProgram } from '../../install/run-program.js';
import { repository } from '../../k8s.config.js';
import { findHelm } from '../find-helm.js';
import { chartCases, type Rendered, renderChart } from '../render-chart.js';
import { alertCases } from './alert-cases.js';
import { findPromtool } from './find-promtool.js';
import { declaredMetrics, knownMetrics, targetLabels } from './known-metrics.js';
import { readPromql } from './read-promql.js';

const helm = await findHelm(4);
const promtool = helm === undefined ? undefined : await findPromtool();
const addons = chartCases.find(({ name }) => name === 'parlance with addons');
if (!addons) throw new Error('there is no ci/addons-values.yaml');

describe('PromQL', () => {
  it('is read: selectors with what they compare', () => {
    expect(readPromql('rate(a_total{x="1",y=~"b|c"}[$__rate_interval]) / on (x) group_left () d > 0')).toEqual([
      {
        metric: 'a_total',
        matchers: [
          { label: 'x', operator: '=', value: '1' },
          { label: 'y', operator: '=~', value: 'b|c' },
        ],
      },
      { metric: 'd', matchers: [] },
    ]);
  });

  it.each(['sum by (a (b)', 'rate(a[5m', 'a{b}', '', 'a ===', '{x="1"}'])('that is none is refused: %s', (text) => {
    expect(() => readPromql(text)).toThrow(/no PromQL|not understood|no metric/);
  });
});

it('gives no metric a label that Prometheus has a use for', () => {
  for (const { name, labelNames = [] } of declaredMetrics()) {
    expect(
      labelNames.filter((label) => targetLabels.includes(label)),
      name,
    ).toEqual([]);
  }
});

describe.skipIf(helm === undefined)('what Prometheus is told', () => {
  let objects: readonly Rendered[];
  let alerts: readonly Alert[];
  beforeAll(async () => {
    objects = await renderChart(String(helm), addons);
    alerts = groupsOf(objects).flatMap(({ rules }) => rules);
  });
  const queries = (): readonly string[] => [
    ...alerts.map(({ expr }) => expr),
    ...objects
      .filter(({ kind }) => kind === 'ScaledObject')
      .flatMap(({ spec }) => (spec as unknown as { readonly triggers: readonly Trigger[] }).triggers)
      .flatMap(({ metadata: { query } }) => (query === undefined ? [] : [query])),
  ];

  it('names only metrics and labels that are there', () => {
    const known = knownMetrics();
    expect(queries().length).toBeGreaterThan(20);
    for (const query of queries()) {
      for (const { metric, matchers } of readPromql(query)) {
        expect([...known.keys()], query).toContain(metric);
        for (const { label } of matchers) expect([...(known.get(metric) ?? [])], query).toContain(label);
      }
    }
  });

  it('counts as refused exactly what may be sent again and may have been stored', () => {
    const uncertain = Object.entries(errorTable)
      .filter(([, { outcome }]) => outcome === 'unknownOnceIssued')
      .map(([code]) => code);
    const event: keyof ClientRequests = 'sendMessage';
    const rules = alerts.filter(({ alert }) => alert === 'ParlanceSendsRefused');
    expect(rules).toHaveLength(2);
    for (const [refused] of rules.map(({ expr }) => readPromql(expr))) {
      const of = (name: string) => refused?.matchers.find(({ label }) => label === name);
      expect(of('code')?.value.split('|').toSorted()).toEqual(uncertain.toSorted());
      expect(of('event')).toEqual({ label: 'event', operator: '=~', value: `${event}|connect` });
    }
  });

  it('selects series by names that Services and CronJobs have', () => {
    const named = new Map<string, Set<string>>();
    for (const { expr } of alerts) {
      for (const { label, value } of readPromql(expr).flatMap(({ matchers }) => matchers)) {
        named.set(label, (named.get(label) ?? new Set()).add(value));
      }
    }
    const monitor = objects.find(({ kind }) => kind === 'ServiceMonitor')?.spec as unknown as Monitor;
    const [{ port } = { port: '' }] = monitor.endpoints;
    const { key, values } = monitor.selector.matchExpressions[0] ?? { key: '', values: [] };
    const services = objects
      .filter(({ kind, metadata }) => kind === 'Service' && values.includes(metadata.labels?.[key] ?? ''))
      .filter(({ metadata: { labels } }) =>
        Object.entries(monitor.selector.matchLabels).every(([name, value]) => labels?.[name] === value),
      );
    expect(services.map(({ metadata }) => metadata.name).toSorted()).toEqual([...(named.get('job') ?? [])].toSorted());
    for (const { spec } of services) {
      const { ports } = spec as unknown as { readonly ports: readonly { readonly name: string }[] };
      expect(ports.map(({ name }) => name)).toContain(port);
    }
    expect([...(named.get('namespace') ?? [])]).toEqual(['talk']);
    const [pattern = ''] = named.get('owner_name') ?? [];
    for (const { metadata } of objects.filter(({ kind }) => kind === 'CronJob')) {
      expect(metadata.name).toMatch(new RegExp(`^(?:${pattern})$`));
    }
  });

  it('leads from each alert to what to do', () => {
    const folder = join(repository, 'docs/runbooks');
    const pages = [...new Set(alerts.map(({ alert }) => `${alert}.md`))];
    expect(readdirSync(folder).toSorted()).toEqual([...pages, 'README.md'].toSorted());
    const index = readFileSync(join(folder, 'README.md'), 'utf8');
    expect([...index.matchAll(/^- \[(\w+)\]\(\1\.md\)/gm)].map(([, name]) => `${name}.md`)).toEqual(pages);
    for (const { alert, annotations, labels } of alerts) {
      expect(annotations['runbook_url']).toBe(`https://parlance.dev/docs/runbooks/${alert}.md`);
      const headlines = readFileSync(join(folder, `${alert}.md`), 'utf8').match(/^#.*$/gm);
      expect(headlines).toEqual([`# ${alert}`, '## Meaning', '## Impact', '## First look', '## Fix', '## Verify']);
      expect(Object.keys(annotations)).toEqual(expect.arrayContaining(['summary', 'description']));
      expect(['critical', 'warning']).toContain(labels['severity']);
    }
  });

  it('leaves a consequence to alerts that are there and come sooner', () => {
    const seconds = (text: string): number => Number(/^(\d+)[mh]$/.exec(text)?.[1]) * (text.endsWith('h') ? 3_600 : 60);
    const order = alerts.map(({ alert }) => alert);
    for (const [index, { alert, expr, for: pending }] of alerts.entries()) {
      for (const cause of causesIn(expr)) {
        expect(order.slice(0, index), alert).toContain(cause);
        const soonest = alerts.find((each) => each.alert === cause)?.for ?? '';
        expect(seconds(soonest), `${cause} before ${alert}`).toBeLessThanOrEqual(seconds(pending));
      }
    }
  });

  it('is tried, each rule of it, on what it fires for and on what it does not', () => {
    for (const { alert, labels } of alerts) {
      const cases = alertCases.filter((each) => each.alert === alert);
      const firing = cases.filter(({ fires }) => fires.some(({ severity }) => severity === labels['severity']));
      expect(firing.length, `${alert} fires`).toBeGreaterThan(0);
      expect(cases.length - firing.length, `${alert} is silent`).toBeGreaterThan(0);
    }
  });

  it('does nothing while it is not asked for', async () => {
    const [plain] = chartCases.filter(({ name }) => name === 'parlance with default');
    const kinds = plain ? (await renderChart(String(helm), plain)).map(({ kind }) => kind) : [];
    expect(kinds.length).toBeGreaterThan(20);
    expect(kinds).not.toContain('ServiceMonitor');
    expect(kinds).not.toContain('PrometheusRule');
  });

  it.skipIf(promtool === undefined)('fires when it should and not when it should not, says promtool', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'parlance-rules-'));
    try {
      await writeFile(join(folder, 'all.yaml'), JSON.stringify({ groups: groupsOf(objects) }));
      await runProgram(String(promtool), ['check', 'rules', join(folder, 'all.yaml')]);
      const tests = promtoolTests(alerts);
      for (const [name, content] of Object.entries(tests)) await writeFile(join(folder, name), JSON.stringify(content));
      const files = Object.keys(tests).filter((name) => name.endsWith('.test.yaml'));
      const said = await runProgram(String(promtool), ['test', 'rules', ...files.map((name) => join(folder, name))]);
      expect(said.match(/SUCCESS/g)).toHaveLength(files.length);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

function groupsOf(objects: readonly Rendered[]): readonly { readonly rules: readonly Alert[] }[] {
  return objects
    .filter(({ kind }) => kind === 'PrometheusRule')
    .flatMap(
      ({ spec }) => (spec as unknown as { readonly groups: readonly { readonly rules: readonly Alert[] }[] }).groups,
    );
}

/**
 * Files by their names: for each alert its rules, with those that it leaves to, and their tests. All rules for all tests would take
 * ten times as long. JSON is YAML. https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/
 */
function promtoolTests(alerts: readonly Alert[]): Readonly<Record<string, object>> {
  const names = [...new Set(alerts.map(({ alert }) => alert))];
  return Object.fromEntries(
    names.flatMap((name) => {
      const own = alerts.filter(({ alert }) => alert === name);
      const rules = alerts.filter(
        ({ alert }) => alert === name || own.some(({ expr }) => causesIn(expr).includes(alert)),
      );
      const tests = alertCases
        .filter(({ alert }) => alert === name)
        .map(({ title, series, minute, fires }) => ({
          name: title,
          interval: '1m',
          input_series: Object.entries(series).map(([each, values]) => ({ series: each, values })),
          alert_rule_test: [
            {
              eval_time: `${minute}m`,
              alertname: name,
              exp_alerts: fires.map(({ severity, labels, summary }) => ({
                exp_labels: { namespace: 'talk', severity, ...labels },
                exp_annotations: { ...own[0]?.annotations, summary },
              })),
            },
          ],
        }));
      return [
        [`${name}.yaml`, { groups: [{ name: 'parlance', rules }] }],
        [`${name}.test.yaml`, { rule_files: [`${name}.yaml`], evaluation_interval: '1m', tests }],
      ];
    }),
  );
}

/** Names of alerts that a rule leaves to. */
function causesIn(expr: string): readonly string[] {
  return readPromql(expr)
    .filter(({ metric }) => metric === 'ALERTS')
    .flatMap(({ matchers }) => matchers.filter(({ label }) => label === 'alertname'))
    .flatMap(({ value }) => value.split('|'));
}

interface Alert {
  readonly alert: string;
  readonly for: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

interface Monitor {
  readonly selector: {
    readonly matchLabels: Readonly<Record<string, string>>;
    readonly matchExpressions: readonly { readonly key: string; readonly values: readonly string[] }[];
  };
  readonly endpoints: readonly { readonly port: string }[];
}

interface Trigger {
  /** A query of Prometheus, where that is the source. */
  readonly metadata: { readonly query?: string };
}
