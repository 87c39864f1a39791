import { type TrendName, trends } from './measures.ts';
import type { Variable } from './scenario.ts';

/** The variables that limit those times. */
export function limitsOf(measured: readonly TrendName[]): Readonly<Record<string, Variable>> {
  const limits = measured.map((name): [string, Variable] => {
    const { label, limit } = trends[name];
    return [limit, { kind: 'number', value: '', meaning: `at most so many ms for "${label}" at p99; without it, any` }];
  });
  return Object.fromEntries(limits);
}
