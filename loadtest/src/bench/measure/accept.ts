import type { LoadResult } from '../crowd/load.ts';

/**
 * Why a run does not count: nothing when every message went to every member, in order, once. A system that promises no
 * order is not refused for it.
 */
export function faultsOf(result: LoadResult, ordered: boolean): readonly string[] {
  const { missing, twice, disordered, gaps, overtaken, renamed } = result.faults;
  const asked: readonly (readonly [count: number, what: string])[] = [
    [result.unanswered, 'sends never answered'],
    [result.refused, 'sends refused'],
    [missing, 'deliveries missing'],
    [twice, 'deliveries twice'],
    [result.toStrangers, 'deliveries to others than members'],
    [renamed, 'messages with two ids'],
    ...(ordered
      ? ([
          [disordered, 'deliveries out of order'],
          [gaps, 'gaps in the ids'],
          [overtaken, 'sends overtaken by a later one'],
        ] as const)
      : []),
  ];
  return asked.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
}
