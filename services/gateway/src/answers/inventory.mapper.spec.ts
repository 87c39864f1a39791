import type { wire } from '@parlance/proto';
import { MonthInventory, operations } from '@parlance/proto/operations';
import { expect, it } from 'vitest';
import { toMonthInventory } from './inventory.mapper.js';

const month = { monthYear: '2026-10', tier: 'archive', state: 'ARCHIVED', messages: 9, bytes: 0, sealedAt: 1 };
const run = { job: 'verify', state: 'never', findings: [], note: '' };
const absent = { verifiedAt: undefined, work: null as never, next: null as never };

it('leaves out what a month and a run do not have, however that was told, and what a decoder adds', () => {
  const archive = { bytes: 7, flippedAt: 3, droppedAt: undefined, _flippedAt: 'flippedAt' };
  const decoded = { ...month, ...absent, archive, _sealedAt: 'sealedAt' };
  const told = toMonthInventory({ months: [decoded], jobs: [{ ...run, begunAt: undefined }] });
  expect(told).toStrictEqual({ months: [{ ...month, archive: { bytes: 7, flippedAt: 3 } }], jobs: [run] });
});

it('tells all that is documented', () => {
  const { data } = operations.listMonths.example;
  expect(toMonthInventory(data as unknown as wire.MonthInventory)).toStrictEqual(MonthInventory.parse(data));
});
