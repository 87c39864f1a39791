import { mustHappen, mustNotHappen, trends } from '../catalogue/measures.ts';

const percentiles = [
  ['med', 'p50'],
  ['p(95)', 'p95'],
  ['p(99)', 'p99'],
  ['max', 'max'],
] as const;

/** The table that a run ends with: each counter that has a threshold beside what it must be, each trend with its percentiles. */
export function summaryTable(title: string, metrics: SummaryMetrics): string {
  const counters = Object.entries({ ...mustHappen, ...mustNotHappen }).flatMap(([name, label]) => {
    const metric = metrics[name];
    if (metric?.thresholds === undefined) return [];
    const count = `${metric.values['count'] ?? 0}`.padStart(7);
    return [
      `  ${verdictOf(metric)}  ${label.padEnd(28)}${count}  ${Object.keys(metric.thresholds).map(inWords).join()}`,
    ];
  });
  const times = Object.entries(trends).flatMap(([name, { label }]) => {
    const metric = metrics[name];
    if (metric === undefined) return [];
    const columns = percentiles.map(([key, heading]) => `${heading} ${rounded(metric.values[key])}`);
    const limits = Object.keys(metric.thresholds ?? {}).map((limit) => `   ${inWords(limit)}`);
    return [`  ${verdictOf(metric)}  ${label.padEnd(28)} ${columns.join('   ')}${limits.join('')}`];
  });
  return [title, ...counters, ...times, ''].join('\n');
}

/** The part of k6's end-of-test data that the table needs. */
export type SummaryMetrics = Readonly<Record<string, SummaryMetric>>;

/** One metric at the end of a run. */
export interface SummaryMetric {
  readonly values: Readonly<Record<string, number>>;
  /** By their text. */
  readonly thresholds?: Readonly<Record<string, { readonly ok: boolean }>>;
}

function verdictOf({ thresholds }: SummaryMetric): string {
  if (thresholds === undefined) return '    ';
  return Object.values(thresholds).every(({ ok }) => ok) ? 'ok  ' : 'FAIL';
}

/** `count==5`, `count>0` and `p(99)<200`: the forms in which thresholds are written here. */
function inWords(threshold: string): string {
  return threshold
    .replace(/^count==/, 'of ')
    .replace(/^count>/, 'above ')
    .replace(/^p\(99\)<(.*)$/, 'p99 below $1 ms');
}

function rounded(ms: number | undefined): string {
  return ms === undefined ? '-' : `${Math.round(ms)} ms`;
}
