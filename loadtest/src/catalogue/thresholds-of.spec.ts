import { expect, test } from 'vitest';
import { mustNotHappen, trends } from './measures.ts';
import { scenarios } from './scenarios.ts';
import { thresholdsOf } from './thresholds-of.ts';

test.each(Object.entries(scenarios))(
  'in %s each time has a threshold that fails without a sample, and nothing bad may happen',
  (_, { trends: measured }) => {
    const thresholds = thresholdsOf(measured, {});
    for (const name of measured) expect(thresholds[trends[name].counter]).toEqual(['count>0']);
    for (const name of Object.keys(mustNotHappen)) expect(thresholds[name]).toEqual(['count==0']);
    expect(Object.keys(thresholds).filter((name) => name in trends)).toEqual([]);
  },
);

test('a time has a limit when one is given', () => {
  const thresholds = thresholdsOf(['parlance_ack_latency', 'parlance_delivery_latency'], { DELIVERY_P99_MS: 250 });
  expect(thresholds['parlance_delivery_latency']).toEqual(['p(99)<250']);
  expect(thresholds).not.toHaveProperty('parlance_ack_latency');
});
