import { expect, it } from 'vitest';
import { SparseWarnings } from './sparse-warnings.js';

it('writes one line a second of each key, with the number of those that were left out', () => {
  let now = 0;
  const lines: unknown[] = [];
  const warnings = new SparseWarnings({ warn: (...line: unknown[]) => void lines.push(line) }, () => now);
  for (now = 0; now < 1_000; now += 100) warnings.warn('a', { code: 'a' }, 'fails');
  warnings.warn('b', { code: 'b' }, 'fails');
  warnings.warn('a', { code: 'a' }, 'fails');
  now = 3_000;
  warnings.warn('a', { code: 'a' }, 'fails');
  expect(lines).toEqual([
    [{ code: 'a' }, 'fails'],
    [{ code: 'b' }, 'fails'],
    [{ code: 'a', moreSinceLastLine: 9 }, 'fails'],
    [{ code: 'a' }, 'fails'],
  ]);
});
