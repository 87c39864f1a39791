import type { MonthYear } from '@parlance/storage';
import { Long } from 'mongodb';
import { expect, it } from 'vitest';
import { planRestoreMonth, type RestoreInventory } from './plan-restore-month.js';

const one = Long.fromNumber(1);
const entry = {
  state: 'ARCHIVED',
  epoch: 4,
  archive: { manifest: 'm', manifestVersion: 1, rootHash: 'h', messages: one, bytes: one },
} as const;
const inventory: RestoreInventory = {
  month: '2025-01' as MonthYear,
  hasArchive: true,
  entry,
  into: undefined,
  own: 'parlance',
};

it('brings a month back for readers, or into another database', () => {
  expect(planRestoreMonth(inventory)).toMatchObject({ verdict: 'run', steps: [{ kind: 'live', epoch: 4 }] });
  expect(planRestoreMonth({ ...inventory, into: 'other' })).toMatchObject({
    verdict: 'run',
    steps: [{ kind: 'copy' }],
  });
});

it('has nothing to bring back where readers find the month in MongoDB, and can still copy it', () => {
  const restored = { ...inventory, entry: { ...entry, state: 'SEALED' } as const };
  expect(planRestoreMonth(restored)).toMatchObject({ verdict: 'nothing' });
  expect(planRestoreMonth({ ...restored, into: 'other' })).toMatchObject({ verdict: 'run' });
});

it.each<[string, Partial<RestoreInventory>]>([
  ['no archive is configured', { hasArchive: false }],
  ['not registered', { entry: undefined }],
  ['never archived', { entry: { state: 'SEALED', epoch: 1 } }],
  ['the database that services use', { into: 'parlance' }],
])('refuses: %s', (reason, wrong) => {
  expect(planRestoreMonth({ ...inventory, ...wrong })).toMatchObject({
    verdict: 'refused',
    reason: expect.stringContaining(reason) as string,
  });
});
