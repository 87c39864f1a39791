import type { MonthYear } from '@parlance/storage';
import { expect, it } from 'vitest';
import { planCreateMonths } from './plan-create-months.js';

const now = Date.UTC(2026, 10, 30, 23, 59);
const registered = (...months: string[]): ReadonlySet<MonthYear> => new Set(months as MonthYear[]);

it('creates what is missing of this month and those ahead, the current one first', () => {
  const plan = planCreateMonths({ now, ahead: 2, registered: registered('2026-10', '2026-12'), hotShards: undefined });
  expect(plan).toMatchObject({
    verdict: 'run',
    steps: [
      { month: '2026-11', reason: expect.stringContaining('sends fail') as string },
      { month: '2027-01', reason: 'it begins within 2 months and is not registered' },
    ],
  });
});

it('has nothing to do when all are registered', () => {
  const months = registered('2026-11', '2026-12', '2027-01');
  expect(planCreateMonths({ now, ahead: 2, registered: months, hotShards: undefined })).toEqual({
    verdict: 'nothing',
    reason: '2026-11, 2026-12, 2027-01 are registered',
  });
});

it('spreads a month over all hot shards of a cluster', () => {
  const plan = planCreateMonths({ now, ahead: 0, registered: registered(), hotShards: ['hot-1', 'hot-2', 'hot-3'] });
  expect(plan).toMatchObject({
    verdict: 'run',
    steps: [
      {
        spread: { shards: ['hot-1', 'hot-2', 'hot-3'], chunks: 6 },
        what: expect.stringContaining('6 ranges over hot-1 and hot-2 and hot-3') as string,
      },
    ],
  });
});

it('refuses a cluster without hot shards', () => {
  expect(planCreateMonths({ now, ahead: 2, registered: registered(), hotShards: [] })).toMatchObject({
    verdict: 'refused',
    reason: expect.stringContaining('zone hot') as string,
  });
});
