import { expect, test } from 'vitest';
import { summaryTable } from './summary-table.ts';

test('the table shows each counter beside what it must be, and the percentiles of each time', () => {
  const table = summaryTable('Send', {
    parlance_complete_sockets: { values: { count: 50 }, thresholds: { 'count==50': { ok: true } } },
    parlance_acknowledged_sends: { values: { count: 0 }, thresholds: { 'count>0': { ok: false } } },
    parlance_gaps: { values: { count: 3 }, thresholds: { 'count==0': { ok: false } } },
    parlance_ack_latency: { values: { med: 4, 'p(95)': 9.6, 'p(99)': 20, max: 31 } },
    parlance_delivery_latency: {
      values: { med: 5, 'p(95)': 9, 'p(99)': 21, max: 32 },
      thresholds: { 'p(99)<20': { ok: false } },
    },
    iterations: { values: { count: 5 } },
  });
  expect(table.split('\n')).toEqual([
    'Send',
    '  ok    sockets that saw everything      50  of 50',
    '  FAIL  acknowledged sends                0  above 0',
    '  FAIL  gaps                              3  of 0',
    '        send to ack                  p50 4 ms   p95 10 ms   p99 20 ms   max 31 ms',
    '  FAIL  send to delivery             p50 5 ms   p95 9 ms   p99 21 ms   max 32 ms   p99 below 20 ms',
    '',
  ]);
});
