import type { MonthYear, UnfinishedUpload } from '@parlance/storage';
import { expect, it } from 'vitest';
import { leftBehindMs, planScrubArchive, type ScrubInventory } from './plan-scrub-archive.js';

const now = Date.parse('2026-11-15T00:00:00Z');
const upload = (id: string, ageMs: number, bytes: number | undefined = 7): UnfinishedUpload => ({
  id,
  key: undefined,
  bytes,
  touchedAt: now - ageMs,
});
const month = (monthYear: string) => ({
  monthYear: monthYear as MonthYear,
  archive: { manifest: `months/${monthYear}/e3/manifest`, bytes: 10 } as never,
});
const plan = (more: Partial<ScrubInventory> = {}) =>
  planScrubArchive({
    now,
    hasArchive: true,
    months: [month('2025-01'), month('2025-02')],
    asked: undefined,
    unfinished: [upload('old', leftBehindMs + 1), upload('young', leftBehindMs)],
    sweep: false,
    ...more,
  });

it('reads every archive, and removes nothing that it was not asked to', () => {
  expect(plan()).toMatchObject({
    verdict: 'run',
    steps: [
      { kind: 'scrub', month: '2025-01', reason: 'its archive is months/2025-01/e3/manifest' },
      { kind: 'scrub', month: '2025-02' },
    ],
  });
  expect(plan({ asked: '2025-02' as MonthYear })).toMatchObject({ steps: [{ month: '2025-02' }] });
});

it('sweeps what nobody has written to for a day, and leaves what somebody may be writing', () => {
  expect(plan({ sweep: true, months: [] })).toMatchObject({
    verdict: 'run',
    steps: [{ kind: 'sweep', uploads: [{ id: 'old' }], what: 'remove 1 unfinished uploads with 7 bytes' }],
  });
  const unfinished = [upload('young', 0), upload('now', -5_000)];
  expect(plan({ sweep: true, months: [], unfinished })).toMatchObject({ verdict: 'nothing' });
  const unsized = [{ ...upload('s3', 2 * leftBehindMs), bytes: undefined }];
  expect(plan({ sweep: true, months: [], unfinished: unsized })).toMatchObject({
    steps: [{ what: 'remove 1 unfinished uploads' }],
  });
});

it('refuses without an archive, and a month that was never archived', () => {
  expect(plan({ hasArchive: false })).toMatchObject({ verdict: 'refused' });
  expect(plan({ asked: '2024-01' as MonthYear })).toEqual({ verdict: 'refused', reason: '2024-01 was never archived' });
  expect(plan({ months: [] })).toMatchObject({ verdict: 'nothing' });
});
