import { expect, it } from 'vitest';
import { dayLabel, relativeTime } from './relative-time.js';

const now = new Date(2025, 4, 15, 14, 30).getTime();
const at = (...parts: [year: number, month: number, day: number, hour: number, minute: number]): number =>
  new Date(...parts).getTime();

it.each([
  ['now', now - 59_999],
  ['now', now + 5_000],
  ['1 min', now - 60_000],
  ['59 min', now - 59 * 60_000],
  ['09:05', at(2025, 4, 15, 9, 5)],
  ['Yesterday', at(2025, 4, 14, 23, 59)],
  ['Friday', at(2025, 4, 9, 12, 0)],
  ['8 May', at(2025, 4, 8, 12, 0)],
  ['31 Dec 2024', at(2024, 11, 31, 12, 0)],
])('shows a time as "%s"', (text, then) => {
  expect(relativeTime(then, now, 'en-GB')).toBe(text);
});

it('heads days with their distance, then with their date', () => {
  expect(dayLabel(now, now, 'en-GB')).toBe('Today');
  expect(dayLabel(at(2025, 4, 14, 0, 0), now, 'en-GB')).toBe('Yesterday');
  expect(dayLabel(at(2025, 4, 5, 0, 0), now, 'en-GB')).toMatch(/^Monday,? 5 May$/);
  expect(dayLabel(at(2024, 4, 6, 0, 0), now, 'en-GB')).toMatch(/^Monday,? 6 May 2024$/);
});

it('counts calendar days, not spans of 24 hours', () => {
  expect(dayLabel(at(2025, 4, 14, 23, 59), at(2025, 4, 15, 0, 1), 'en-GB')).toBe('Yesterday');
});
