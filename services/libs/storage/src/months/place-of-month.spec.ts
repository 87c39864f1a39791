import { expect, it } from 'vitest';
import type { MonthState } from '../documents/month-document.js';
import { placeOfMonth, takesMessages } from './place-of-month.js';

it.each([
  [undefined, 'none', false],
  ['OPEN', 'collection', true],
  ['SEALED', 'collection', false],
  ['ARCHIVED', 'archive', false],
  ['FROZEN_BY_A_LATER_RELEASE', 'unknown', false],
] as const)('reads a month that is %s in %s, and writes to it: %s', (state, place, writes) => {
  const entry = state ? { state: state as MonthState } : undefined;
  expect(placeOfMonth(entry)).toBe(place);
  expect(takesMessages(entry)).toBe(writes);
});
