import { describe, expect, test } from 'vitest';
import { performancePage } from './performance-page.ts';
import type { MeasuredTarget } from './results.ts';

const measured: MeasuredTarget = {
  title: 'capacity',
  findings: [
    { target: 'P1', what: "capacity to L1's", value: 1.25, unit: 'x', limit: { atLeast: 1 }, detail: '5 pairs' },
    { target: 'P1', what: 'memory', value: 300, unit: 'MB', limit: { atMost: 90 } },
  ],
  points: [
    { plot: 'ack p99 by rate', series: 'L1', x: 100, y: 3 },
    { plot: 'ack p99 by rate', series: 'L1', x: 1_000, y: 70 },
  ],
  measuredAt: '2026-11-29T14:00:00.000Z',
  commit: 'abc1234',
  machine: '2 cores',
  seconds: 60,
};

describe('the page of a run', () => {
  const files = performancePage({ targets: { P10: { ...measured, points: [] }, P1: measured } });
  const page = files.get('performance.md') ?? '';

  test('shows each figure with its limit and whether it is within', () => {
    expect(page).toContain("- capacity to L1's: **1.25 x**, limit >= 1 x, within\n  - 5 pairs");
    expect(page).toContain('- memory: **300 MB**, limit <= 90 MB, **missed**');
    expect(page).toContain('Of 4 figures 2 are within their limit and 2 are not.');
  });

  test('has the targets by number, and only plots that have points', () => {
    expect(page.indexOf('## P1:')).toBeLessThan(page.indexOf('## P10:'));
    expect([...files.keys()]).toEqual(['performance.md', 'performance/ack-by-rate.svg']);
    expect(page).toContain('](performance/ack-by-rate.svg)');
  });

  test('says what could not be measured, and why', () => {
    const failed = { ...measured, findings: measured.findings.slice(0, 1), failed: 'no mongod' };
    const text = performancePage({ targets: { P1: failed } }).get('performance.md') ?? '';
    expect(text).toContain('| 1 of 1, not all measured |');
    expect(text).toContain('- **the rest could not be measured**: no mongod');
  });

  test('draws a line a series', () => {
    const svg = files.get('performance/ack-by-rate.svg') ?? '';
    expect(svg.match(/<polyline/g)).toHaveLength(1);
    expect(svg).toContain('>L1</text>');
    expect(svg).toContain('stroke="#1a7f37"');
    expect(svg).not.toContain('NaN');
  });
});
