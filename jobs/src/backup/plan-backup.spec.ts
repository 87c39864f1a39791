import type { MonthCounts, MonthYear } from '@parlance/storage';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type BackupInventory, type GrowingChain, planBackup } from './plan-backup.js';

const counts = (messages: number) => ({ messages, rooms: 2, voids: 0 }) as never as MonthCounts;
const [oct, nov] = ['2026-10', '2026-11'] as MonthYear[] as [MonthYear, MonthYear];
const growing: GrowingChain = {
  name: '20261101T000000Z',
  backups: 3,
  highestEpoch: 5,
  months: [{ monthYear: oct, state: 'SEALED', counts: counts(10) }],
  records: new Map([[oct, 12]]),
};
const inventory = (more: Partial<BackupInventory> = {}): BackupInventory => ({
  months: [
    { monthYear: '2026-08' as MonthYear, state: 'ARCHIVED' },
    { monthYear: '2026-10' as MonthYear, state: 'SEALED' },
    { monthYear: '2026-11' as MonthYear, state: 'OPEN' },
  ],
  rooms: 12,
  highestEpoch: 5,
  now: Date.UTC(2026, 10, 28, 21, 30, 0, 7),
  chain: growing,
  chains: [{ name: '20261101T000000Z', backups: 3 }],
  keep: undefined,
  full: false,
  strays: 0,
  isRestoring: false,
  ...more,
});

test.each<[newest: string, begun: string]>([
  ['20261128T212959Z', '20261128T213000Z'],
  ['20261128T213000Z', '20261128T213001Z'],
  ['20261231T235959Z', '20270101T000000Z'],
])('a chain that is begun after %s is called %s', (name, begun) => {
  const chains = [{ name, backups: 1 }];
  expect(stepsOf(planBackup(inventory({ chains, full: true })))).toMatchObject([{ chain: begun }]);
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

test.each<[string, GrowingChain['months'][number], number, number, boolean]>([
  [
    'was brought back from the archive, and the chain has none of it',
    { monthYear: oct, state: 'ARCHIVED' },
    0,
    10,
    true,
  ],
  [
    'was brought back from the archive, and the chain has all of it',
    { monthYear: oct, state: 'ARCHIVED' },
    12,
    10,
    false,
  ],
  ['had holes that were closed since', { monthYear: oct, state: 'SEALED', counts: counts(10) }, 12, 11, true],
  ['stands as it stood', { monthYear: oct, state: 'SEALED', counts: counts(10) }, 12, 10, false],
  ['was sealed since', { monthYear: oct, state: 'OPEN' }, 7, 10, false],
])('a new chain begins when a month has records behind its end: one that %s', (_, before, inChain, sealed, isNew) => {
  const chain = { ...growing, months: [before], records: new Map([[oct, inChain]]) };
  const months = [
    { monthYear: oct, state: 'SEALED', counts: counts(sealed) },
    { monthYear: nov, state: 'OPEN' },
  ] as const;
  const [step] = stepsOf(planBackup(inventory({ chain, months })));
  expect(step).toMatchObject({ isIncrement: !isNew });
  expect(step?.reason.includes('lacks records of 2026-10')).toBe(isNew);
});

test('a database that is half restored, or empty, is not backed up', () => {
  expect(planBackup(inventory({ isRestoring: true }))).toMatchObject({ verdict: 'refused' });
  expect(planBackup(inventory({ months: [] }))).toMatchObject({ verdict: 'nothing' });
});

const stepsOf = (plan: ReturnType<typeof planBackup>) => (plan.verdict === 'run' ? plan.steps : []);

test('what a backup has left that was cut off is removed first', () => {
  expect(planBackup(inventory({ strays: 3 }))).toMatchObject({ steps: [{ kind: 'tidy' }, { kind: 'backup' }] });
});

test('chains go of which no backup is among the newest that are kept, the one that is being made counted', () => {
  const chains = [
    { name: '20261001T000000Z', backups: 4 },
    { name: '20261015T000000Z', backups: 2 },
    { name: '20261101T000000Z', backups: 3 },
  ];
  const pruned = (more: Partial<BackupInventory>) => {
    const plan = planBackup(inventory({ chains, ...more }));
    if (plan.verdict !== 'run') throw new Error(plan.reason);
    return plan.steps.flatMap((step) => (step.kind === 'prune' ? step.chains : []));
  };
  const [one, two, three] = chains.map(({ name }) => name);
  expect(pruned({})).toEqual([]);
  expect(pruned({ keep: 4 })).toEqual([one, two]);
  expect(pruned({ keep: 5 })).toEqual([one]);
  expect(pruned({ keep: 6 })).toEqual([one]);
  expect(pruned({ keep: 7 })).toEqual([]);
  expect(pruned({ keep: 1 })).toEqual([one, two]);
  expect(pruned({ keep: 1, full: true })).toEqual([one, two, three]);
  expect(pruned({ keep: 2, full: true })).toEqual([one, two]);
  expect(planBackup(inventory({ chains, keep: 5 }))).toMatchObject({
    steps: [
      { kind: 'backup' },
      {
        kind: 'prune',
        what: 'remove 4 backups in chain 20261001T000000Z',
        reason: expect.stringContaining('newest 5') as string,
      },
    ],
  });
});

test('as many of the newest backups stay as are kept, each with all that it needs', () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(sizes, fc.integer({ min: 1, max: 30 }), fc.boolean(), (backups, keep, full) => {
      const chains = backups.map((count, index) => ({ name: `2026010${index}T000000Z`, backups: count }));
      const newest = chains.at(-1);
      const chain = newest && { ...growing, ...newest };
      const plan = planBackup(inventory({ chains, chain, keep, full }));
      if (plan.verdict !== 'run') throw new Error(plan.reason);
      const gone = new Set(plan.steps.flatMap((step) => (step.kind === 'prune' ? step.chains : [])));
      const stay = chains.filter(({ name }) => !gone.has(name));
      const all = 1 + chains.reduce((sum, each) => sum + each.backups, 0);
      expect(1 + stay.reduce((sum, each) => sum + each.backups, 0)).toBeGreaterThanOrEqual(Math.min(keep, all));
      expect(full || !gone.has(newest?.name ?? '')).toBe(true);
      // The newest stay, and no older one than has to.
      expect(stay).toEqual(chains.slice(chains.length - stay.length));
      const [oldest, ...newer] = stay;
      const isNeeded = oldest === undefined || (!full && oldest === newest);
      expect(isNeeded ? 0 : 1 + newer.reduce((sum, each) => sum + each.backups, 0)).toBeLessThan(keep);
    }),
  );
});
