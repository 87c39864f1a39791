import { expect, test } from 'vitest';
import { smokePlan } from './smoke-plan.ts';
import { summaryTable } from './summary-table.ts';

test('the table shows each counter beside what it must be, and the percentiles of each trend', () => {
  const table = summaryTable('Smoke', smokePlan(), {
    parlance_complete_sockets: { values: { count: 50 } },
    parlance_gaps: { values: { count: 3 } },
    parlance_ack_latency: { values: { med: 4, 'p(95)': 9.6, 'p(99)': 20, max: 31 } },
  });
  expect(table).toContain('  ok    sockets that saw everything      50  of 50');
  expect(table).toContain('  FAIL  gaps                              3  of 0');
  expect(table).toContain('p50 4 ms   p95 10 ms   p99 20 ms   max 31 ms');
});

test('the table of a run in which nothing happened does not look good', () => {
  expect(summaryTable('Smoke', smokePlan(), {})).toContain('FAIL  acknowledged sends');
});
