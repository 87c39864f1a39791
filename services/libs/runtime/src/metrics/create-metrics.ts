import { performance } from 'node:perf_hooks';
import * as client from 'prom-client';
import { measureEventLoopLag, neverMs } from './event-loop-lag.js';
import type { Counter, Gauge, Histogram, LabelSet, LabelSpec, LabelsOf, MetricSpec } from './metric-types.js';
import { labelNamesOf, seriesOf } from './series-of.js';

/** Default gauges that end as counters do, which `promtool check metrics` refuses. Each is the sum of the one without `_total`. */
const misnamed = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

/**
 * Makes the metrics of one process: a registry of its own with the default Node and process metrics (no prefix; the
 * event loop's delay is `nodejs_eventloop_lag_*_seconds`, measured twice a second, reset at each scrape),
 * `<prefix>_build_info{name,version}` = 1 and `<prefix>_event_loop_busy_ratio`, and functions to declare more. All series of
 * what is declared are there from the start.
 *
 * Every declared name starts with `<prefix>_`; each function throws when it does not or when the name is taken.
 * This is the only file that knows prom-client.
 */
export function createMetrics(options: MetricsOptions): Metrics {
  const { name, version, prefix } = options;
  const registry = new client.Registry();
  client.collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: neverMs });
  for (const each of misnamed) registry.removeSingleMetric(each);
  measureEventLoopLag(({ name, help, read }) => {
    registry.removeSingleMetric(name);
    const gauge: client.Gauge = new client.Gauge({
      name,
      help,
      registers: [registry],
      collect: () => gauge.set(read()),
    });
  });
  const settings = <Spec extends LabelSpec | undefined>({ name, doc, labels }: MetricSpec<Spec>) => {
    if (!name.startsWith(`${prefix}_`)) throw new Error(`metric ${name} does not start with ${prefix}_`);
    return { name, help: doc, labelNames: labelNamesOf(labels), registers: [registry] };
  };
  const metrics: Metrics = {
    registry,
    prefix,
    counter: (spec) => gatheringCounter(spec, settings(spec)),
    gauge: (spec) => readableGauge(spec, settings(spec)),
    histogram: (spec) => {
      const histogram = new client.Histogram({ ...settings(spec), buckets: [...spec.buckets] });
      for (const series of labelledSeries(spec)) histogram.zero(series);
      const of = (labels: LabelSet) => histogram.labels(labels);
      return Object.assign(histogram, { of }) as unknown as Histogram<never>;
    },
  };
  metrics
    .gauge({ name: `${prefix}_build_info`, doc: 'Always 1; says which build runs.', labels: [{ name, version }] })
    .set({ name, version }, 1);
  metrics
    .gauge({
      name: `${prefix}_event_loop_busy_ratio`,
      doc: 'Share of time the event loop was busy since the last scrape, 0 to 1.',
    })
    .readBy(busyRatio());
  return metrics;
}

/** Who is measured. */
export interface MetricsOptions {
  /** The process, for example `gateway`. */
  readonly name: string;
  readonly version: string;
  /** What names begin with, without the underscore. */
  readonly prefix: string;
}

/** A registry and typed ways to declare metrics in it. */
export interface Metrics {
  readonly registry: Registry;
  /** What names begin with. */
  readonly prefix: string;
  counter<const Spec extends LabelSpec | undefined = undefined>(spec: MetricSpec<Spec>): Counter<Spec>;
  gauge<const Spec extends LabelSpec | undefined = undefined>(spec: MetricSpec<Spec>): Gauge<Spec>;
  histogram<const Spec extends LabelSpec | undefined = undefined>(
    spec: MetricSpec<Spec> & { readonly buckets: readonly number[] },
  ): Histogram<Spec>;
}

/** All metrics of a process. */
export type Registry = client.Registry;

function labelledSeries({ labels }: MetricSpec<LabelSpec | undefined>): readonly LabelSet[] {
  return labels === undefined ? [] : seriesOf(labels);
}

function gatheringCounter<Spec extends LabelSpec | undefined>(
  spec: MetricSpec<Spec>,
  settings: client.CounterConfiguration<string>,
): Counter<Spec> {
  const gathered: { readonly labels: LabelSet; count: number }[] = [];
  const collect = (): void => {
    for (const each of gathered) {
      counter.inc(each.labels, each.count);
      each.count = 0;
    }
  };
  const counter: client.Counter = new client.Counter({ ...settings, collect });
  for (const series of labelledSeries(spec)) counter.inc(series, 0);
  const of = (labels: LabelSet) => {
    const series = { labels, count: 0 };
    gathered.push(series);
    return { inc: (by = 1): void => void (series.count += by) };
  };
  return Object.assign(counter, { of }) as unknown as Counter<Spec>;
}

function readableGauge<Spec extends LabelSpec | undefined>(
  spec: MetricSpec<Spec>,
  settings: client.GaugeConfiguration<string>,
): Gauge<Spec> {
  const all = seriesOf(spec.labels);
  let read: ((labels: LabelsOf<Spec>) => number | undefined) | undefined;
  const collect = (): void => {
    if (read === undefined) return;
    for (const series of all) {
      const value = read(series as LabelsOf<Spec>);
      if (value === undefined) gauge.remove(series);
      else gauge.set(series, value);
    }
  };
  const gauge: client.Gauge = new client.Gauge({ ...settings, collect });
  for (const series of all) gauge.set(series, 0);
  const readBy = (given: typeof read): void => {
    read = given;
  };
  return Object.assign(gauge, { readBy }) as unknown as Gauge<Spec>;
}

function busyRatio(): () => number {
  let last = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, last);
    last = now;
    return utilization;
  };
}
