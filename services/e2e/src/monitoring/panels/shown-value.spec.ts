import { expect, it } from 'vitest';
import { shownValue } from './shown-value.js';

it.each([
  [0, 's', '0'],
  [0.0123, 's', '12.3 ms'],
  [90, 's', '1.5 min'],
  [67_108_864, 'bytes', '64 MiB'],
  [0.125, 'percentunit', '12.5 %'],
  [1_500, 'reqps', '1.5 k/s'],
  [0.25, 'short', '0.25'],
  [12_000_000, 'short', '12 M'],
])('%d as %s is %s', (value, unit, shown) => {
  expect(shownValue(value, unit)).toBe(shown);
});
