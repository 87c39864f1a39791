import { expect, test } from 'vitest';
import { secondsOf } from './seconds-of.ts';

test.each([
  ['30', 30],
  ['1.5s', 1.5],
  ['2m', 120],
  ['2h', Number.NaN],
  ['', Number.NaN],
])('%j is %d seconds', (text, seconds) => {
  expect(secondsOf(text)).toBe(seconds);
});
