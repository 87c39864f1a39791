import { expect, it } from 'vitest';
import { quickenedRules } from './quickened-rules.js';

const quickened = (rule: object): object => {
  const text = JSON.stringify({ groups: [{ name: 'a', interval: '1m', rules: [rule] }] });
  return (JSON.parse(quickenedRules(text, 20, 5)) as { readonly groups: readonly { readonly rules: object[] }[] })
    .groups[0] as object;
};

it('divides ranges, subqueries, offsets and what an alert waits for', () => {
  const expr = 'max_over_time(rate(a_total{b="[5m]"}[10m] offset 1h)[6h:2m]) > 300 and c';
  expect(quickened({ alert: 'A', expr, for: '2m', keep_firing_for: '1h30m' })).toEqual({
    name: 'a',
    rules: [
      {
        alert: 'A',
        expr: 'max_over_time(rate(a_total{b="[15000ms]"}[30000ms] offset 180000ms)[1080000ms:6000ms]) > 300 and c',
        for: '6000ms',
        keep_firing_for: '270000ms',
      },
    ],
  });
});

it('leaves a range as long as a few scrapes, and a wait as short as it becomes', () => {
  expect(quickened({ expr: 'rate(a[1m])', for: '20s' })).toMatchObject({
    rules: [{ expr: 'rate(a[5000ms])', for: '1000ms' }],
  });
});
