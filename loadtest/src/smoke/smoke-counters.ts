import type { SmokePlan } from './smoke-plan.ts';

/**
 * Counters of the smoke scenario with what each must be at the end. Those that must be above 0 are there so that a run in
 * which nothing happened fails.
 */
export const smokeCounters = {
  parlance_complete_sockets: { label: 'sockets that saw everything', expected: ({ seats }) => seats.length },
  parlance_acknowledged_sends: { label: 'acknowledged sends', expected: ({ messages }) => messages },
  parlance_failed_sends: { label: 'failed sends', expected: () => 0 },
  parlance_gaps: { label: 'gaps', expected: () => 0 },
  parlance_duplicates: { label: 'duplicates', expected: () => 0 },
  parlance_reordered: { label: 'out of order', expected: () => 0 },
  parlance_history_faults: { label: 'differences to the history', expected: () => 0 },
} as const satisfies Readonly<
  Record<string, { readonly label: string; readonly expected: (plan: SmokePlan) => number }>
>;

/** Name of a counter. */
export type SmokeCounter = keyof typeof smokeCounters;

/** Names of the counters, in the order of the table. */
export const smokeCounterNames = Object.keys(smokeCounters) as SmokeCounter[];

/** Times in milliseconds: from a send to its ack, and from a send to each socket that it reaches. */
export const smokeTrends = {
  parlance_ack_latency: { label: 'send to ack' },
  parlance_delivery_latency: { label: 'send to delivery' },
} as const;

/** Name of a trend. */
export type SmokeTrend = keyof typeof smokeTrends;
