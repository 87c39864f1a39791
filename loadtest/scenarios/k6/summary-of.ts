import { type SummaryMetrics, summaryTable } from '../../src/summary/summary-table.ts';
import { gatewayUrl } from './gateway.ts';

/**
 * What k6 prints at the end, the table under its title; with `SUMMARY_FILE` all figures also go there as JSON. `what`: the
 * size of the run.
 */
export function summaryOf(scenario: string, what: string, data: SummaryData): Record<string, string> {
  const seconds = data.state.testRunDurationMs / 1_000;
  const title = `${scenario.charAt(0).toUpperCase()}${scenario.slice(1)}: ${what}, ${seconds.toFixed(1)} s, ${gatewayUrl}`;
  const thresholds = Object.values(data.metrics).flatMap((metric) => Object.values(metric.thresholds ?? {}));
  const summary = { scenario, gatewayUrl, seconds, passed: thresholds.every(({ ok }) => ok), metrics: data.metrics };
  const file = __ENV['SUMMARY_FILE'];
  return {
    stdout: summaryTable(title, data.metrics),
    ...(file ? { [file]: `${JSON.stringify(summary, null, 2)}\n` } : {}),
  };
}

/** What k6 hands over at the end of a run, as far as it is used. */
export interface SummaryData {
  readonly state: { readonly testRunDurationMs: number };
  readonly metrics: SummaryMetrics;
}
