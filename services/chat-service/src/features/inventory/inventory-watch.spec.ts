import type { JobRunDocument, MonthYear } from '@parlance/storage';
import { Long, ObjectId } from 'mongodb';
import { expect, it, vi } from 'vitest';
import { createChatMetrics } from '../../metrics.js';
import { InventoryWatch } from './inventory-watch.js';
import type { InventoriedMonth, Inventory } from './mongo-inventory-store.js';

const now = Date.UTC(2026, 10, 29, 12);
const day = 24 * 60 * 60_000;
const ago = (ms: number): Date => new Date(now - ms);

function month(monthYear: string, more: Partial<InventoriedMonth> = {}): InventoriedMonth {
  return { _id: new ObjectId(), monthYear: monthYear as MonthYear, state: 'OPEN', tier: 'hot', epoch: 1, ...more };
}

const work = (job: string, step: string, ms: number) => ({ run: 'r', job, step, startedAt: ago(ms), memo: {} });
const archive = { manifest: 'm', manifestVersion: 1, rootHash: 'r', messages: Long.ONE, bytes: Long.ONE };
const archived = (more: Partial<InventoriedMonth>): Partial<InventoriedMonth> => ({
  state: 'ARCHIVED',
  tier: 'archive',
  archive: { ...archive, flippedAt: ago(40 * day) },
  ...more,
});
const policy = { warmAfterMonths: 1, coldAfterMonths: 4, archiveAfterMonths: 13, hasArchive: true };

function run(job: JobRunDocument['_id'], more: Partial<JobRunDocument> = {}): JobRunDocument {
  const ended = { run: 'r', at: ago(60_000), exitCode: 0, findings: [], note: '' };
  return { _id: job, run: 'r', begunAt: ago(120_000), ended, succeededAt: ago(60_000), policy, ...more };
}

/** Series that are not 0, after each look at an inventory in turn. */
async function shown(...inventories: readonly (Inventory | Error)[]): Promise<readonly string[]> {
  const metrics = createChatMetrics('');
  const read = vi.fn<() => Promise<Inventory>>();
  const logger = { debug: vi.fn() };
  const watch = new InventoryWatch({ read }, metrics, () => now, logger);
  for (const each of inventories) {
    if (each instanceof Error) read.mockRejectedValueOnce(each);
    else read.mockResolvedValueOnce(each);
    await watch.look();
  }
  const text = await metrics.registry.metrics();
  const own = /^chat_(months_open|month_|archive_unverified|job_|zone_|jumbo_)/;
  return text.split('\n').filter((line) => own.test(line) && !line.endsWith(' 0'));
}

it('tells which of this month and the next two take messages', async () => {
  const months = [month('2026-11'), month('2027-01'), month('2026-12', { state: 'SEALED' })];
  expect(await shown({ months, runs: [] })).toEqual([
    'chat_months_open{offset="0"} 1',
    'chat_months_open{offset="2"} 1',
  ]);
});

it('tells where moves stand, and how long ago the oldest was begun', async () => {
  const months = [
    month('2026-10', { work: work('migrate-tiers', 'ranges', 90_000) }),
    month('2025-10', { work: work('archive-months', 'copying', 30_000) }),
    month('2025-09', { work: work('fold-events', 'copying', 10_000) }),
  ];
  expect(await shown({ months, runs: [] })).toEqual([
    'chat_month_moves{phase="ranges"} 1',
    'chat_month_moves{phase="copying"} 1',
    'chat_month_moves{phase="other"} 1',
    'chat_month_work_age_seconds 90',
  ]);
});

it('counts archived months that nobody has found whole for 35 days', async () => {
  const months = [
    month('2025-10', archived({ verifiedAt: ago(34 * day) })),
    month('2025-09', archived({ verifiedAt: ago(36 * day) })),
    month('2025-08', archived({})),
    month('2025-07', { state: 'SEALED', verifiedAt: ago(90 * day) }),
  ];
  expect(await shown({ months, runs: [] })).toEqual(['chat_archive_unverified_months 2']);
});

it('tells when jobs ended and succeeded, and what they found', async () => {
  const findings = [
    { kind: 'placement', count: 2 },
    { kind: 'zone', count: 1 },
    { kind: 'jumbo', count: 1 },
    { kind: 'work', count: 1 },
  ];
  const ended = { run: 'r', at: ago(60_000), exitCode: 4, findings, note: '' };
  expect(await shown({ months: [], runs: [run('verify', { ended })] })).toEqual([
    `chat_job_last_end_seconds{command="verify"} ${now / 1_000 - 60}`,
    `chat_job_last_success_seconds{command="verify"} ${now / 1_000 - 60}`,
    'chat_job_findings{command="verify"} 5',
    'chat_zone_drift_ranges 3',
    'chat_jumbo_ranges 1',
  ]);
});

it('takes a job for failed that ended so, or that has not ended for two days', async () => {
  const end = { run: 'r', at: ago(60_000), findings: [], note: '' };
  const runs = [
    run('backup', { ended: { ...end, exitCode: 1 } }),
    run('audit', { ended: { ...end, exitCode: 3 } }),
    run('seal-month', { run: 'next', begunAt: ago(3 * day) }),
    run('create-months', { run: 'next', begunAt: ago(day) }),
  ];
  const failed = (await shown({ months: [], runs })).filter((line) => line.startsWith('chat_job_failed'));
  expect(failed).toEqual(['chat_job_failed{command="seal-month"} 1', 'chat_job_failed{command="backup"} 1']);
});

it('keeps what it told while MongoDB does not answer, and takes back what is over', async () => {
  const moving = [month('2026-11', { work: work('migrate-tiers', 'zone', 5_000) })];
  expect(await shown({ months: moving, runs: [run('audit')] }, new Error('away'))).toHaveLength(5);
  expect(await shown({ months: moving, runs: [run('audit')] }, { months: [], runs: [] })).toEqual([]);
});
