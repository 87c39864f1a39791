import type { MonthYear } from '@parlance/storage';
import { expect, test } from 'vitest';
import { planRestoreBackup, type RestoreInventory, type RestorePoint } from './plan-restore-backup.js';

const point = (sequence: number, hour: number): RestorePoint => ({
  chain: 'c',
  sequence,
  cutAt: new Date(Date.UTC(2026, 10, 28, hour)).toISOString(),
  rooms: 3,
  months: [{ month: '2026-11' as MonthYear, records: 10 * sequence }],
});
const inventory = (more: Partial<RestoreInventory> = {}): RestoreInventory => ({
  points: [point(1, 8), point(2, 9), point(3, 10)],
  to: undefined,
  present: { rooms: 0, collections: [] },
  mark: undefined,
  replace: false,
  running: [],
  ...more,
});
const full = { rooms: 9, collections: ['messages_2026_11'] };
const kinds = (more: Partial<RestoreInventory>) => {
  const plan = planRestoreBackup(inventory(more));
  return plan.verdict === 'run' ? plan.steps.map(({ kind }) => kind) : plan;
};

test('the last backup goes into an empty database', () => {
  expect(kinds({})).toEqual(['load', 'verify', 'raiseEpochs']);
  expect(planRestoreBackup(inventory())).toMatchObject({ steps: [{ sequence: 3 }, {}, {}] });
});

test('the last one up to a time is taken', () => {
  expect(planRestoreBackup(inventory({ to: Date.UTC(2026, 10, 28, 9, 30) }))).toMatchObject({
    steps: [{ sequence: 2 }, {}, {}],
  });
  expect(kinds({ to: Date.UTC(2026, 10, 28, 7) })).toMatchObject({ verdict: 'refused' });
  expect(kinds({ points: [] })).toMatchObject({ verdict: 'refused' });
});

test('what is there is taken away only when that is said, or when it is half of the same restore', () => {
  expect(kinds({ present: full })).toMatchObject({
    verdict: 'refused',
    reason: expect.stringContaining('9 rooms') as string,
  });
  expect(kinds({ present: full, replace: true })).toEqual(['clear', 'load', 'verify', 'raiseEpochs']);
  expect(kinds({ present: full, mark: { chain: 'c', sequence: 3 } })).toEqual([
    'clear',
    'load',
    'verify',
    'raiseEpochs',
  ]);
  expect(kinds({ mark: { chain: 'c', sequence: 2 } })).toMatchObject({ verdict: 'refused' });
});

test('nothing is restored while a service writes, whatever is said', () => {
  const running = [{ holder: 'chat-service (process 7 on pod-1)', until: new Date(Date.UTC(2026, 10, 28, 11)) }];
  for (const more of [{}, { present: full, replace: true }, { mark: { chain: 'c', sequence: 3 }, replace: true }]) {
    expect(kinds({ ...more, running })).toMatchObject({
      verdict: 'refused',
      reason: expect.stringContaining('(process 7 on pod-1), heard of until 2026-11-28T11:00:00.000Z') as string,
    });
  }
});
