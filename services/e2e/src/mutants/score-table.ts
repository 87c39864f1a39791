import { renderTable } from '../program/table.js';
import type { Count, Counts } from './counted-modules.js';

/** The counts for people, the score last: the share of mutants that a test noticed. */
export function scoreTable(counts: Counts): string {
  const rows = Object.entries(counts).map(([name, count]: readonly [string, Count]) => {
    const { day, killed, survived, unreached, explained } = count;
    return [name, killed, survived, unreached, explained, `${scoreOf(count).toFixed(1)} %`, day];
  });
  return renderTable(['module', 'killed', 'survived', 'unreached', 'explained', 'score', 'counted'], rows);
}

/** Percent. */
export function scoreOf({ killed, survived, unreached }: Count): number {
  return (100 * killed) / Math.max(1, killed + survived + unreached);
}
