import { defaultTierPolicy, type MonthYear } from '@parlance/storage';
import { MaxKey, MinKey } from 'mongodb';
import { expect, it } from 'vitest';
import type { Chunk } from '../mongo/cluster/cluster-shards.js';
import { type MonthPlacement, planMigrateTiers, spreadOver, type TierInventory } from './plan-migrate-tiers.js';

const shards = ['hot-1', 'hot-2', 'warm-1', 'warm-2', 'cold-1'].map((id) => ({
  id,
  host: `${id}/127.0.0.1:1`,
  zones: [id.slice(0, -2)],
}));
const space = { totalBytes: 100e9, freeBytes: 50e9 };
const now = Date.UTC(2026, 10, 15);

function chunksOf(month: string, ...on: string[]): readonly Chunk[] {
  const bound = (monthYear: unknown, roomId: unknown) => ({ monthYear, roomId });
  const inner = on.map((shard, index): Chunk => ({ min: bound(month, index), max: bound(month, index + 1), shard }));
  return [
    { min: bound(new MinKey(), new MinKey()), max: bound(month, 0), shard: on[0] ?? '' },
    ...inner,
    { min: bound(month, on.length), max: bound(new MaxKey(), new MaxKey()), shard: on[0] ?? '' },
  ];
}

function month(
  monthYear: string,
  tier: 'hot' | 'warm' | 'cold',
  on: string[],
  more: Partial<MonthPlacement> = {},
): MonthPlacement {
  return {
    entry: { monthYear: monthYear as MonthYear, state: 'SEALED', tier, epoch: 2 },
    chunks: chunksOf(monthYear, ...on),
    zone: tier,
    bytes: new Map(on.map((shard) => [shard, 8e6])),
    documents: new Map(on.map((shard) => [shard, 100])),
    ...more,
  };
}

function planOf(months: MonthPlacement[], more: Partial<TierInventory> = {}) {
  const disks = new Map(shards.map(({ id }) => [id, space]));
  return planMigrateTiers({ now, policy: defaultTierPolicy, shards, disks, locked: [], months, ...more });
}

const work = { run: 'r', job: 'archive-months', step: 'copy', startedAt: new Date(0), memo: {} };

it('moves what is due, all moves before the first disk is freed', () => {
  const plan = planOf([
    month('2026-11', 'hot', ['hot-1', 'hot-2'], {
      entry: { monthYear: '2026-11' as MonthYear, state: 'OPEN', tier: 'hot', epoch: 1 },
    }),
    month('2026-10', 'hot', ['hot-1', 'hot-2']),
    month('2026-09', 'warm', ['warm-1', 'warm-2']),
    month('2026-07', 'warm', ['warm-1', 'warm-2']),
    month('2024-01', 'cold', ['cold-1']),
  ]);
  expect(plan).toMatchObject({
    verdict: 'run',
    steps: [
      { kind: 'move', month: '2026-10', from: 'hot', to: 'warm', epoch: 2 },
      { kind: 'move', month: '2026-07', from: 'warm', to: 'cold', epoch: 2 },
      { kind: 'reclaim', month: '2026-10', donors: ['hot-1', 'hot-2'] },
      { kind: 'reclaim', month: '2026-07', donors: ['warm-1', 'warm-2'] },
    ],
  });
});

it('has nothing to do when each month is in its tier, and says which it leaves to another job', () => {
  const other = month('2026-10', 'hot', ['hot-1'], { entry: { ...month('2026-10', 'hot', []).entry, work } });
  expect(planOf([month('2026-09', 'warm', ['warm-1']), other])).toEqual({
    verdict: 'nothing',
    reason: 'each of 2 months is in its tier; left alone, being worked on: 2026-10 by archive-months',
  });
});

it.each([
  ['a part outside its tier', month('2026-09', 'warm', ['warm-1', 'hot-2']), 'parts of it lie on hot-2'],
  ['the zone of another tier', month('2026-09', 'warm', ['warm-1'], { zone: 'hot' }), 'in the zone hot'],
  [
    'a run that died',
    month('2026-09', 'warm', ['hot-1'], {
      entry: { ...month('2026-09', 'warm', []).entry, work: { ...work, job: 'migrate-tiers' } },
    }),
    'ended at its step copy',
  ],
])('moves a month with %s, and says so', (_, placement, reason) => {
  expect(planOf([placement])).toMatchObject({
    verdict: 'run',
    steps: [{ kind: 'move', to: 'warm', reason: expect.stringContaining(reason) as string }, {}],
  });
});

it('frees disks that still hold a month, and ends what a run has left unfinished', () => {
  const bytes = new Map([
    ['hot-1', 9e6],
    ['warm-1', 8e6],
  ]);
  expect(planOf([month('2026-09', 'warm', ['warm-1'], { bytes })])).toMatchObject({
    steps: [{ kind: 'reclaim', donors: ['hot-1'] }],
  });
  const unfinished = { ...month('2026-09', 'warm', []).entry, work: { ...work, job: 'migrate-tiers' } };
  expect(planOf([month('2026-09', 'warm', ['warm-1'], { entry: unfinished })])).toMatchObject({
    steps: [{ kind: 'reclaim', donors: [] }],
  });
});

it('looks after a small month that it moves too: deleting its ranges makes the files grow', () => {
  const bytes = new Map([['hot-1', 6e5]]);
  expect(planOf([month('2026-10', 'hot', ['hot-1'], { bytes })])).toMatchObject({
    steps: [{ kind: 'move' }, { kind: 'reclaim', donors: ['hot-1'] }],
  });
  expect(planOf([month('2026-09', 'warm', ['warm-1'], { bytes })])).toMatchObject({ verdict: 'nothing' });
});

it.each([
  [
    'no space',
    { disks: new Map([['warm-1', { totalBytes: 1e9, freeBytes: 1e6 }]]) },
    /warm-\d has .* free and would take/,
  ],
  ['no shard', { shards: shards.filter(({ zones }) => !zones.includes('warm')) }, /no shard is in the zone warm/],
  ['a backup', { locked: ['hot-2'] }, /hot-2 are locked for a backup/],
])('refuses with %s, before anything is changed', (_, more, reason) => {
  expect(planOf([month('2026-10', 'hot', ['hot-1', 'hot-2'])], more)).toMatchObject({
    verdict: 'refused',
    reason: expect.stringMatching(reason) as string,
  });
});

it('spreads ranges evenly and leaves those that are there', () => {
  const moves = spreadOver(['warm-1', 'warm-2'], chunksOf('2026-10', 'hot-1', 'hot-2', 'warm-1', 'hot-1'));
  const to = Map.groupBy(moves, (move) => move.to);
  expect([to.get('warm-1')?.length, to.get('warm-2')?.length]).toEqual([2, 3]);
});
