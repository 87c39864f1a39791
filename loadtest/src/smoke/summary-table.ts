import { type SmokeCounter, type SmokeTrend, smokeCounterNames, smokeCounters, smokeTrends } from './smoke-counters.ts';
import type { SmokePlan } from './smoke-plan.ts';

const percentiles = [
  ['med', 'p50'],
  ['p(95)', 'p95'],
  ['p(99)', 'p99'],
  ['max', 'max'],
] as const;

/** The table that a run ends with: each counter with what it must be, each trend with its percentiles. */
export function summaryTable(title: string, plan: SmokePlan, metrics: SummaryMetrics): string {
  const counters = smokeCounterNames.map((name) => {
    const { label } = smokeCounters[name];
    const expected = smokeCounters[name].expected(plan);
    const count = metrics[name]?.values['count'] ?? 0;
    return `  ${count === expected ? 'ok  ' : 'FAIL'}  ${label.padEnd(28)}${`${count}`.padStart(7)}  of ${expected}`;
  });
  const trends = (Object.keys(smokeTrends) as SmokeTrend[]).map((name) => {
    const values = metrics[name]?.values ?? {};
    const columns = percentiles.map(([key, label]) => `${label} ${rounded(values[key])}`);
    return `        ${smokeTrends[name].label.padEnd(28)} ${columns.join('   ')}`;
  });
  return [title, ...counters, ...trends, ''].join('\n');
}

/** The part of k6's end-of-test data that the table needs. */
export type SummaryMetrics = Readonly<
  Partial<Record<SmokeCounter | SmokeTrend, { readonly values: Readonly<Record<string, number>> }>>
>;

function rounded(ms: number | undefined): string {
  return ms === undefined ? '-' : `${Math.round(ms)} ms`;
}
