import { performance } from 'node:perf_hooks';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { measureEventLoopLag, neverMs } from './event-loop-lag.js';

/**
 * Makes the metrics of one process: a registry of its own with the default Node and process metrics (no prefix; the
 * event loop's delay is `nodejs_eventloop_lag_*_seconds`, measured twice a second, reset at each scrape),
 * `<prefix>_build_info{name,version}` = 1 and `<prefix>_event_loop_busy_ratio`, and functions to declare more.
 *
 * Every declared name starts with `<prefix>_`; each function throws when it does not or when the name is taken.
 */
export function createMetrics(options: MetricsOptions): Metrics {
  const { name, version, prefix } = options;
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: neverMs });
  measureEventLoopLag(registry);
  const own = <Spec extends { readonly name: string }>(spec: Spec): Spec => {
    if (!spec.name.startsWith(`${prefix}_`)) throw new Error(`metric ${spec.name} does not start with ${prefix}_`);
    return spec;
  };
  const metrics: Metrics = {
    registry,
    counter: (spec) => new Counter({ ...settings(own(spec)), registers: [registry] }),
    gauge: (spec) => {
      const { read } = spec;
      const collect =
        read &&
        function (this: Gauge) {
          this.set(read());
        };
      return new Gauge({ ...settings(own(spec)), registers: [registry], ...(collect ? { collect } : {}) });
    },
    histogram: (spec) => new Histogram({ ...settings(own(spec)), buckets: [...spec.buckets], registers: [registry] }),
  };
  metrics
    .gauge({ name: `${prefix}_build_info`, doc: 'Always 1; says which build runs.', labels: ['name', 'version'] })
    .set({ name, version }, 1);
  metrics.gauge({
    name: `${prefix}_event_loop_busy_ratio`,
    doc: 'Share of time the event loop was busy since the last scrape, 0 to 1.',
    read: busyRatio(),
  });
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
  counter<Label extends string = never>(spec: MetricSpec<Label>): Counter<Label>;
  /** With `read` the value is asked for at each scrape. */
  gauge<Label extends string = never>(spec: MetricSpec<Label> & { readonly read?: () => number }): Gauge<Label>;
  histogram<Label extends string = never>(
    spec: MetricSpec<Label> & { readonly buckets: readonly number[] },
  ): Histogram<Label>;
}

/** One declared metric. */
export interface MetricSpec<Label extends string> {
  /** Full name with its unit at the end: `<prefix>_<part>_<what>_<unit>`; counters end in `_total`. */
  readonly name: string;
  /** Shown as `# HELP`. */
  readonly doc: string;
  /** Label names; only ones with few values. Default none. */
  readonly labels?: readonly Label[];
}

function settings<Label extends string>(spec: MetricSpec<Label>) {
  return { name: spec.name, help: spec.doc, labelNames: spec.labels ?? [] };
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
