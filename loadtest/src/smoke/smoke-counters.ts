import type { CounterName } from '../catalogue/measures.ts';
import type { SmokePlan } from './smoke-plan.ts';

/** Counters of the smoke scenario with what each must be at the end. */
export const smokeCounters = {
  parlance_complete_sockets: ({ seats }) => seats.length,
  parlance_acknowledged_sends: ({ messages }) => messages,
  parlance_failed_sends: () => 0,
  parlance_gaps: () => 0,
  parlance_duplicates: () => 0,
  parlance_reordered: () => 0,
  parlance_history_faults: () => 0,
} as const satisfies Readonly<Partial<Record<CounterName, (plan: SmokePlan) => number>>>;

/** Name of a counter. */
export type SmokeCounter = keyof typeof smokeCounters;

/** Names of the counters. */
export const smokeCounterNames = Object.keys(smokeCounters) as SmokeCounter[];
