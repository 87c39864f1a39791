import type { JobRunDocument, MonthYear } from '@parlance/storage';
import { Long, ObjectId } from 'mongodb';
import { expect, it } from 'vitest';
import { toJobRun, toMonth } from './inventory.mapper.js';

const day = 24 * 60 * 60_000;
const now = Date.UTC(2026, 10, 29);
const size = { records: 12, bytes: 4_096 };
const month = { _id: new ObjectId(), monthYear: '2026-10' as MonthYear, tier: 'hot', epoch: 1 } as const;

it('tells of an open month about as many messages as there are records', () => {
  const next = { job: 'seal-month', what: 'seal', reason: 'it is over' };
  const told = toMonth({ ...month, state: 'OPEN' }, size, next);
  const place = { monthYear: '2026-10', tier: 'hot', state: 'OPEN' };
  expect(JSON.parse(JSON.stringify(told))).toEqual({ ...place, messages: 12, bytes: 4_096, next });
});

it('tells of a closed month what was counted, its copy and the work on it', () => {
  const counts = { messages: Long.fromNumber(9), rooms: Long.ONE, voids: Long.fromNumber(2) };
  const copy = { manifest: 'm', manifestVersion: 1, rootHash: 'r', messages: Long.ONE, bytes: Long.fromNumber(700) };
  const archive = { ...copy, flippedAt: new Date(5), droppedAt: new Date(6) };
  const work = { run: 'r', job: 'fold-events', step: 'fold', startedAt: new Date(7), memo: { secret: 1 } };
  const entry = { ...month, state: 'ARCHIVED', tier: 'archive', counts, archive, work } as const;
  const told = toMonth({ ...entry, sealedAt: new Date(3), verifiedAt: new Date(4) }, size, undefined);
  expect(told).toMatchObject({ messages: 9, sealedAt: 3, verifiedAt: 4, next: undefined });
  expect(told.archive).toEqual({ bytes: 700, flippedAt: 5, droppedAt: 6 });
  expect(told.work).toEqual({ job: 'fold-events', step: 'fold', startedAt: 7 });
});

it.each([
  ['done', 'r', 0, 1],
  ['failed', 'r', 1, 1],
  ['failed', 'r', 2, 1],
  ['refused', 'r', 3, 1],
  ['found', 'r', 4, 1],
  ['running', 'next', 0, 2 * day],
  ['lost', 'next', 0, 2 * day + 1],
] as const)(
  'tells that a run is %s: the one that ended is %s, with %i, begun %i ms ago',
  (state, run, exitCode, age) => {
    const policy = { warmAfterMonths: 1, coldAfterMonths: 4, archiveAfterMonths: 13, hasArchive: false };
    const findings = [{ kind: 'zone', count: 2 }];
    const ended = { run: 'r', at: new Date(2), exitCode, findings, note: 'so it was' };
    const kept: JobRunDocument = { _id: 'verify', run, begunAt: new Date(now - age), ended, policy };
    const told = { job: 'verify', state, begunAt: now - age, endedAt: 2, findings, note: 'so it was' };
    expect(toJobRun('verify', kept, now)).toEqual({ ...told, succeededAt: undefined });
  },
);

it('tells of a job that was never run that it was not', () => {
  const told = { job: 'backup', state: 'never', findings: [], note: '' };
  expect(toJobRun('backup', undefined, now)).toEqual({
    ...told,
    begunAt: undefined,
    endedAt: undefined,
    succeededAt: undefined,
  });
});
