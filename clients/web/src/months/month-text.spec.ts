import { expect, it } from 'vitest';
import { bytesOf, bytesText, dayText, findingsText, monthText } from './month-text.js';

it.each([
  [0, '0 B'],
  [1_023, '1023 B'],
  [1_024, '1.0 KiB'],
  [10_188, '9.9 KiB'],
  [41_943_040, '40 MiB'],
  [1.5 * 2 ** 40, '1.5 TiB'],
  [2 ** 61, '2048 PiB'],
])('writes %i bytes as %s', (bytes, text) => {
  expect(bytesText(bytes)).toBe(text);
});

it('names a month in UTC, whatever the time zone', () => {
  expect(monthText('2026-11', 'en-GB')).toBe('November 2026');
  expect(monthText('2025-01', 'en-GB')).toBe('January 2025');
  expect(dayText(Date.UTC(2026, 11, 2), 'en-GB')).toBe('2 Dec 2026');
});

it('takes the bytes of the archive where nothing lies in MongoDB', () => {
  const month = { monthYear: '2025-01', tier: 'archive', state: 'ARCHIVED', messages: 1, bytes: 0 } as const;
  expect(bytesOf({ ...month, archive: { bytes: 7 } })).toBe(7);
  expect(bytesOf({ ...month, bytes: 9, archive: { bytes: 7 } })).toBe(9);
  expect(bytesOf(month)).toBe(0);
});

it('tells findings by kind', () => {
  const run = { job: 'verify', state: 'found', note: '' } as const;
  const findings = [
    { kind: 'placement', count: 2 },
    { kind: 'zone', count: 1 },
  ];
  expect(findingsText({ ...run, findings })).toBe('2 placement, 1 zone');
  expect(findingsText({ ...run, findings: [] })).toBe('');
});
