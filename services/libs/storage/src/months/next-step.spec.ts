import { Long } from 'mongodb';
import { expect, it } from 'vitest';
import type { MonthYear } from '../documents/month.js';
import { nextStepOf, type StepPolicy } from './next-step.js';
import { defaultTierPolicy } from './tier-policy.js';

const policy: StepPolicy = { ...defaultTierPolicy, hasArchive: true, hasTiers: true };
const now = Date.UTC(2026, 10, 29);
const month = (text: string) => text as MonthYear;
const copy = { manifest: 'm', manifestVersion: 1, rootHash: 'r', messages: Long.ONE, bytes: Long.ONE };
const flipped = { ...copy, flippedAt: new Date(now - 1), deleteFrom: new Date(now + 1_000) };

it('is sealed a day after its end', () => {
  const open = { monthYear: month('2026-11'), state: 'OPEN', tier: 'hot' } as const;
  const step = { job: 'seal-month', what: 'seal', reason: 'a month is sealed a day after its end' };
  expect(nextStepOf(open, now, policy)).toEqual({ ...step, notBefore: Date.UTC(2026, 11, 2) });
  expect(nextStepOf(open, Date.UTC(2026, 11, 2), policy)).toEqual(step);
});

it.each([
  ['2026-10', 'hot', 'move to warm', undefined],
  ['2026-09', 'warm', 'move to cold', Date.UTC(2027, 0, 1)],
  ['2026-05', 'hot', 'move to cold', undefined],
  ['2025-01', 'hot', 'move to cold', undefined],
  ['2026-05', 'cold', 'copy into the archive', Date.UTC(2027, 5, 1)],
  ['2025-10', 'cold', 'copy into the archive', undefined],
] as const)('of %s on %s storage is to %s', (monthYear, tier, what, notBefore) => {
  const found = nextStepOf({ monthYear: month(monthYear), state: 'SEALED', tier }, now, policy);
  expect(found).toMatchObject({ what });
  expect(found?.notBefore).toBe(notBefore);
});

it('is never a move on a replica set, and no archiving without an archive or of what was restored', () => {
  const sealed = { monthYear: month('2025-10'), state: 'SEALED', tier: 'hot' } as const;
  const flat = { ...policy, hasTiers: false };
  expect(nextStepOf(sealed, now, flat)).toMatchObject({ job: 'archive-months' });
  expect(nextStepOf(sealed, now, { ...flat, hasArchive: false })).toBeUndefined();
  expect(nextStepOf({ ...sealed, archive: flipped }, now, flat)).toBeUndefined();
});

it('waits for the end of retries where the policy would archive sooner', () => {
  const eager = { ...policy, hasTiers: false, archiveAfterMonths: 1 };
  const sealed = { monthYear: month('2026-10'), state: 'SEALED', tier: 'hot' } as const;
  expect(nextStepOf(sealed, Date.UTC(2026, 10, 3), eager)?.notBefore).toBe(Date.UTC(2026, 10, 9));
});

it('of an archived month is to drop its collection, once', () => {
  const archived = { monthYear: month('2025-10'), state: 'ARCHIVED', tier: 'archive', archive: flipped } as const;
  expect(nextStepOf(archived, now, policy)).toMatchObject({ what: 'drop its collection', notBefore: now + 1_000 });
  const dropped = { ...archived, archive: { ...flipped, droppedAt: new Date(now) } };
  expect(nextStepOf(dropped, now, policy)).toBeUndefined();
});

it('is to go on with what has not ended, whatever the age says', () => {
  const work = { run: 'r', job: 'migrate-tiers', step: 'ranges', startedAt: new Date(0), memo: {} };
  const found = nextStepOf({ monthYear: month('2026-10'), state: 'SEALED', tier: 'hot', work }, now, policy);
  const reason = 'it was begun at 1970-01-01 00:00 UTC and has not ended';
  expect(found).toEqual({ job: 'migrate-tiers', what: 'go on at ranges', reason });
});

it('is not known of a state of a later release', () => {
  const later = { monthYear: month('2025-10'), state: 'FROZEN' as never, tier: 'cold' } as const;
  expect(nextStepOf(later, now, policy)).toBeUndefined();
});
