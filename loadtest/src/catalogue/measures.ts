/** Counters that show that something happened, with what the table calls them. Each counts above 0 where a scenario has it. */
export const mustHappen = {
  parlance_complete_sockets: 'sockets that saw everything',
  parlance_connections: 'connections',
  parlance_acknowledged_sends: 'acknowledged sends',
  parlance_timed_deliveries: 'timed deliveries',
  parlance_pages: 'pages',
  parlance_catch_ups: 'returns that caught up',
} as const;

/** Counters of what must not happen. */
export const mustNotHappen = {
  parlance_failed_connections: 'failed connections',
  parlance_failed_sends: 'failed sends',
  parlance_failed_requests: 'other failed requests',
  parlance_gaps: 'gaps',
  parlance_duplicates: 'duplicates',
  parlance_reordered: 'out of order',
  parlance_history_faults: 'differences to the history',
  /** Plus one when a room's part begins, minus one when it has come to its end. */
  parlance_unfinished_rooms: 'unfinished rooms',
} as const;

/**
 * Times in milliseconds: what the table calls them, the counter of their samples, and the variable that limits their 99th percentile. A
 * trend without a sample passes its threshold (k6 1.8), so a scenario with one has a threshold of that counter too.
 */
export const trends = {
  parlance_connect_time: { label: 'connect to ready', counter: 'parlance_connections', limit: 'CONNECT_P99_MS' },
  parlance_ack_latency: { label: 'send to ack', counter: 'parlance_acknowledged_sends', limit: 'ACK_P99_MS' },
  parlance_delivery_latency: {
    label: 'send to delivery',
    counter: 'parlance_timed_deliveries',
    limit: 'DELIVERY_P99_MS',
  },
  parlance_page_latency: { label: 'ask to page', counter: 'parlance_pages', limit: 'PAGE_P99_MS' },
  parlance_catch_up_time: { label: 'return to caught up', counter: 'parlance_catch_ups', limit: 'CATCH_UP_P99_MS' },
} as const satisfies Readonly<Record<string, { label: string; counter: MustHappen; limit: string }>>;

/** Name of a counter. */
export type CounterName = MustHappen | MustNotHappen;

/** Name of a counter of what must happen. */
export type MustHappen = keyof typeof mustHappen;

/** Name of a counter of what must not. */
export type MustNotHappen = keyof typeof mustNotHappen;

/** Name of a trend. */
export type TrendName = keyof typeof trends;
