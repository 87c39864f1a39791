import { verdict } from '../verdict.js';
import type { AuditCost } from './measure-audit.js';
import type { Quantiles } from './quantiles.js';
import type { TiersBenchReport } from './run-tiers-bench.js';

/** The figures, each beside the limit that is set for it. */
export function tiersTable({ size, pages, moves, audit }: TiersBenchReport): string {
  const { current, cold, archiveWarm, archiveUncached, readsAPage } = pages;
  const most = Math.max(...readsAPage.keys());
  const read = [...readsAPage]
    .toSorted(([left], [right]) => left - right)
    .map(([reads, count]) => `${count} with ${reads}`);
  return [
    heading(`a page of 50, ${size.pages} of each kind`),
    times('current month, hot shards', current),
    times('month 24, cold shard', cold, current, 1.2),
    times('archive, block in the cache', archiveWarm, current, 1.5),
    times('archive, block not in the cache', archiveUncached, current, 5),
    line('  ranged reads a page, at most', ['', '', '', `${most}`, '1', verdict(most, { atMost: 1 })]),
    `  (pages with next to no cache: ${read.join(', ')})`,
    '',
    heading(`an acknowledgement, ${size.senders} senders in the current month`),
    times('nothing moves', moves.without),
    times(`jobs migrate-tiers runs, ${moves.seconds.length} times`, moves.during, moves.without, 1.5),
    `  (each took ${moves.seconds.map((seconds) => seconds.toFixed(0)).join(', ')} s)`,
    '',
    line(`${audit.records} records in all months`, ['seconds', 'keys', 'documents', '', '', '']),
    cost('jobs audit', audit.audit),
    cost('a count of all', audit.count),
    ...(audit.countsByReading
      ? ["  (the router of the devstack reads what mongos asks the servers' counters for)"]
      : []),
  ].join('\n');
}

function heading(what: string): string {
  return line(what, ['number', 'p50 ms', 'p99 ms', 'p99 ratio', 'limit', '']);
}

function times(name: string, values: Quantiles, against?: Quantiles, limit = Number.POSITIVE_INFINITY): string {
  const { count, p50, p99 } = values;
  const ratio = against && p99 / against.p99;
  const compared =
    ratio === undefined ? ['', '', ''] : [`${ratio.toFixed(2)} x`, `${limit} x`, verdict(ratio, { atMost: limit })];
  return line(`  ${name}`, [`${count}`, p50.toFixed(2), p99.toFixed(2), ...compared]);
}

function cost(name: string, { seconds, keys, documents }: AuditCost): string {
  return line(`  ${name}`, [seconds.toFixed(2), `${keys}`, `${documents}`, '', '', '']);
}

function line(name: string, cells: readonly string[]): string {
  return `${name.padEnd(52)}${cells.map((cell) => cell.padStart(11)).join('')}`.trimEnd();
}
