import { defaultTierPolicy, endOfMonth, endOfRetries, type MonthYear } from '@parlance/storage';
import { expect, it } from 'vitest';
import { type ArchivableMonth, planArchiveMonths } from './plan-archive-months.js';

const now = Date.parse('2026-11-15T00:00:00Z');
const at = (text: string) => new Date(`${text}T00:00:00Z`);

function month(monthYear: string, entry: Partial<ArchivableMonth> = {}): ArchivableMonth {
  return { monthYear: monthYear as MonthYear, state: 'SEALED', tier: 'cold', epoch: 3, ...entry };
}

function planned(months: readonly ArchivableMonth[], asked: readonly string[] = []) {
  const plan = planArchiveMonths({
    now,
    policy: defaultTierPolicy,
    hasArchive: true,
    months,
    asked: asked as MonthYear[],
  });
  return plan.verdict === 'run' ? plan.steps.map(({ kind, month }) => `${kind} ${month}`) : plan;
}

const copy = { manifest: 'm', manifestVersion: 1, rootHash: 'h', messages: 1, bytes: 1 } as never as NonNullable<
  ArchivableMonth['archive']
>;

it('copies what is old enough and sealed, the oldest first, each with its reason', () => {
  expect(planned([month('2025-10'), month('2025-09'), month('2025-11'), month('2025-08', { state: 'OPEN' })])).toEqual([
    'copy 2025-09',
    'copy 2025-10',
  ]);
  const plan = planArchiveMonths({
    now,
    policy: defaultTierPolicy,
    hasArchive: true,
    months: [month('2025-10')],
    asked: [],
  });
  expect(plan).toMatchObject({
    steps: [{ reason: 'it is SEALED, on cold storage, and archive is for months from 13 months on', epoch: 3 }],
  });
});

it('goes on with what a stopped run has begun, whatever the policy says', () => {
  const work = { run: 'r', job: 'archive-months', step: 'copying', startedAt: at('2026-11-14'), memo: {} };
  expect(planned([month('2026-10', { work })])).toEqual(['copy 2026-10']);
  const others = { ...work, job: 'migrate-tiers' };
  expect(planned([month('2025-01', { work: others })], ['2025-01'])).toMatchObject({ verdict: 'refused' });
  expect(planned([month('2025-01', { work: others })])).toMatchObject({
    verdict: 'nothing',
  });
});

it('drops what has been in the archive for long enough, and not before, and not twice', () => {
  const archived = { state: 'ARCHIVED', tier: 'archive' } as const;
  const flipped = { ...copy, flippedAt: at('2026-11-13') };
  expect(planned([month('2025-10', { ...archived, archive: { ...flipped, deleteFrom: new Date(now) } })])).toEqual([
    'drop 2025-10',
  ]);
  expect(
    planned([month('2025-10', { ...archived, archive: { ...flipped, deleteFrom: new Date(now + 1) } })]),
  ).toMatchObject({
    verdict: 'nothing',
    reason: expect.stringContaining('2025-10 stays in MongoDB until 2026-11-15') as string,
  });
  const dropped = { ...flipped, deleteFrom: at('2026-11-14'), droppedAt: at('2026-11-14') };
  expect(planned([month('2025-10', { ...archived, archive: dropped })])).toMatchObject({ verdict: 'nothing' });
});

it('leaves a month that was restored where it is, until somebody asks for it', () => {
  const restored = month('2025-03', { archive: { ...copy, flippedAt: at('2026-06-01') } });
  expect(planned([restored])).toMatchObject({ verdict: 'nothing' });
  expect(planned([restored], ['2025-03'])).toEqual(['copy 2025-03']);
});

it('leaves a month in MongoDB while retries of its messages are recognised, also when somebody asks for it', () => {
  const young = '2026-10' as MonthYear;
  const policy = { warmAfterMonths: 1, coldAfterMonths: 2, archiveAfterMonths: 3 };
  const plan = (at: number, asked: readonly MonthYear[], archiveAfterMonths = 3) =>
    planArchiveMonths({
      now: at,
      policy: { ...policy, archiveAfterMonths },
      hasArchive: true,
      months: [month(young)],
      asked,
    });
  // Seven days are promised, counted from the last moment at which something was sent into the month (R5).
  expect(endOfRetries(young) - endOfMonth(young)).toBeGreaterThan(7 * 86_400_000);
  expect(plan(endOfRetries(young) - 1, [young])).toMatchObject({
    verdict: 'refused',
    reason: expect.stringContaining('2026-10 are recognised until 2026-11-09T00:00:00.000Z') as string,
  });
  expect(plan(endOfRetries(young), [young])).toMatchObject({ verdict: 'run' });
  expect(plan(endOfRetries(young) - 1, [], 1)).toMatchObject({ verdict: 'nothing' });
  expect(plan(endOfRetries(young), [], 1)).toMatchObject({ verdict: 'run' });
});

it('takes a month that somebody asks for however young it is, if it is sealed and retries of it are over', () => {
  expect(planned([month('2026-10'), month('2025-10')], ['2026-10'])).toEqual(['copy 2026-10']);
  expect(planned([month('2026-10', { state: 'OPEN' })], ['2026-10'])).toMatchObject({ verdict: 'refused' });
  expect(planned([], ['2026-10'])).toEqual({ verdict: 'refused', reason: '2026-10 is not registered' });
});
