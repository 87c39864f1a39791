import { anomalies } from '../history/anomaly.js';
import { renderFacts, withCommas } from '../program/table.js';
import type { FaultReport } from './fault-report.js';
import type { Percentiles } from './percentiles.js';

/** The closing table of a run, for people. */
export function faultTable(report: FaultReport): string {
  const { counts, faults } = report;
  const rows: (readonly [string, string])[] = [
    ['seed', String(report.seed)],
    ['seconds', report.seconds.toFixed(0)],
    ['sends', withCommas(counts.sends)],
    ['acknowledged', withCommas(counts.acked)],
    ['rejected', withCommas(counts.rejected)],
    ['unknown', withCommas(counts.unknown)],
    ['shown to clients', withCommas(report.shown)],
    ['months written', String(report.months)],
    ...counted('faults', faults),
    ...counted('rounds of room changes', report.rounds),
    ['people in the largest room', withCommas(report.largestRoom)],
    ['anomalies', String(report.anomalies.length)],
    ...Object.keys(anomalies).map(
      (name) => [`  ${name}`, String(report.anomalies.filter((each) => each.name === name).length)] as const,
    ),
    ['ack to shown, ms', spread(report.delivery)],
    ['healed to converged, ms', spread(report.convergence)],
    ...report.missing.map((reason) => ['SKIPPED', reason] as const),
  ];
  return renderFacts(rows);
}

function counted(what: string, counts: ReadonlyMap<string, number>): (readonly [string, string])[] {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const rows = [...counts].toSorted(([left], [right]) => left.localeCompare(right));
  return [
    [`${what} of ${counts.size} kinds`, String(total)],
    ...rows.map(([kind, count]) => [`  ${kind}`, String(count)] as const),
  ];
}

function spread({ p50, p99, max }: Percentiles): string {
  return `p50 ${p50.toFixed(0)}, p99 ${p99.toFixed(0)}, max ${max.toFixed(0)}`;
}
