import type { MonthYear } from '@parlance/storage';
import { expect, test } from 'vitest';
import { type BackupInventory, planBackup } from './plan-backup.js';

const inventory = (more: Partial<BackupInventory> = {}): BackupInventory => ({
  months: [
    { monthYear: '2026-08' as MonthYear, state: 'ARCHIVED' },
    { monthYear: '2026-10' as MonthYear, state: 'SEALED' },
    { monthYear: '2026-11' as MonthYear, state: 'OPEN' },
  ],
  rooms: 12,
  highestEpoch: 5,
  now: Date.UTC(2026, 10, 28, 21, 30, 0, 7),
  chain: { name: '20261101T000000Z', backups: 3, highestEpoch: 5 },
  full: false,
  strays: 0,
  isRestoring: false,
  ...more,
});

test('a chain goes on while logs only grow', () => {
  expect(planBackup(inventory())).toMatchObject({
    verdict: 'run',
    steps: [{ chain: '20261101T000000Z', isIncrement: true, months: ['2026-10', '2026-11'] }],
  });
});

test.each<[string, Partial<BackupInventory>, string]>([
  ['there is none', { chain: undefined }, 'no backup yet'],
  ['one is asked for', { full: true }, 'asked for'],
  ['logs went back since', { highestEpoch: 6 }, 'begun anew'],
])('a new chain begins when %s', (_, more, reason) => {
  expect(planBackup(inventory(more))).toMatchObject({
    verdict: 'run',
    steps: [{ chain: '20261128T213000Z', isIncrement: false, reason: expect.stringContaining(reason) as string }],
  });
});

test('a database that is half restored, or empty, is not backed up', () => {
  expect(planBackup(inventory({ isRestoring: true }))).toMatchObject({ verdict: 'refused' });
  expect(planBackup(inventory({ months: [] }))).toMatchObject({ verdict: 'nothing' });
});

test('what a backup has left that was cut off is removed first', () => {
  expect(planBackup(inventory({ strays: 3 }))).toMatchObject({ steps: [{ kind: 'tidy' }, { kind: 'backup' }] });
});
