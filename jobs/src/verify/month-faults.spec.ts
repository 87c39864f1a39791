import type { MonthDocument, MonthYear } from '@parlance/storage';
import { Long, ObjectId, UUID } from 'mongodb';
import { expect, it } from 'vitest';
import { faultsOf, type VerifiedMonth } from './month-faults.js';

const uuid = new UUID();
const counts = { messages: Long.fromNumber(8), rooms: Long.fromNumber(2), voids: Long.fromNumber(0) };
const digest = { rooms: 2, records: 10, root: 'aa' };
const month = '2026-09' as MonthYear;
const entry: MonthDocument = {
  _id: new ObjectId(),
  monthYear: month,
  state: 'SEALED',
  tier: 'warm',
  epoch: 3,
  collectionUUID: uuid,
  counts,
  digest,
};
const shards = ['hot-1', 'warm-1'].map((id) => ({ id, host: `${id}/a:1`, zones: [id.slice(0, -2)] }));
const chunk = (shard: string, more: { readonly isJumbo?: true } = {}) => ({
  min: { monthYear: month },
  max: { monthYear: '2026-10' },
  shard,
  ...more,
});
const cluster = {
  shards,
  placement: {
    entry,
    chunks: [chunk('warm-1')],
    zone: 'warm',
    bytes: new Map([['warm-1', 9e6]]),
    documents: new Map([['warm-1', 10]]),
  },
  pending: new Map(),
};
const right: VerifiedMonth = {
  entry,
  stands: { kind: 'collection', uuid: uuid.toString('hex') },
  counts,
  digest,
  cluster,
  isWorkedOn: false,
};
const placed = (more: Partial<typeof cluster.placement>) => ({
  cluster: { ...cluster, placement: { ...cluster.placement, ...more } },
});
const archive = { manifest: 'm', manifestVersion: 1, rootHash: 'r', messages: Long.ONE, bytes: Long.ONE };
const work = { run: 'r', job: 'migrate-tiers', step: 'ranges', startedAt: new Date(0), memo: {} };

it('finds nothing wrong with a month that is where and what it should be', () => {
  expect(faultsOf(right)).toEqual([]);
});

it.each<[string, Partial<VerifiedMonth>, string, number?]>([
  ['collection', { stands: { kind: 'nothing' } }, 'nothing stands'],
  ['collection', { stands: { kind: 'collection', uuid: 'ff' } }, 'another one'],
  ['placement', { cluster: { ...cluster, placement: { ...cluster.placement, chunks: undefined } } }, 'not sharded'],
  ['placement', placed({ chunks: [chunk('warm-1'), chunk('hot-1')] }), '1 ranges of it lie on hot-1', 1],
  ['jumbo', placed({ chunks: [chunk('warm-1', { isJumbo: true })] }), '1 ranges of it on warm-1', 1],
  ['zone', placed({ zone: 'hot' }), 'in the zone hot'],
  ['counts', { counts: { ...counts, messages: Long.fromNumber(7) } }, 'sealed with 8 messages and has 7'],
  ['digest', { digest: { ...digest, root: 'bb' } }, 'not the same bytes'],
  ['archive', { entry: { ...entry, state: 'ARCHIVED', tier: 'archive' } }, 'no manifest'],
  ['orphans', placed({ documents: new Map([['hot-1', 4]]) }), '4 documents lie on hot-1'],
  ['bytes', placed({ bytes: new Map([['hot-1', 9e6]]) }), 'hot-1 still gives 8.6 MiB'],
  ['work', { entry: { ...entry, work } }, 'migrate-tiers died at its step ranges'],
])('finds %s: %j', (kind, wrong, text, ranges) => {
  const fault = { kind, text: expect.stringContaining(text) as string, ...(ranges !== undefined && { ranges }) };
  expect(faultsOf({ ...right, ...wrong })).toStrictEqual([fault]);
});

it('asks for a view where a collection was dropped', () => {
  const flipped = { ...archive, flippedAt: new Date(1), droppedAt: new Date(2) };
  const gone = { ...right, entry: { ...entry, state: 'ARCHIVED', tier: 'archive', archive: flipped } } as VerifiedMonth;
  expect(faultsOf({ ...gone, stands: { kind: 'view' } })).toEqual([]);
  expect(faultsOf({ ...gone, stands: { kind: 'nothing' } })).toMatchObject([{ kind: 'collection' }]);
});

it('leaves out what a job is at work on, and what is still to be deleted', () => {
  const moving = { entry: { ...entry, work }, isWorkedOn: true, ...placed({ zone: 'hot' }) };
  expect(faultsOf({ ...right, ...moving })).toEqual([]);
  const pending = new Map([['hot-1', { ranges: 1, documents: 4 }]]);
  const deleting = { ...cluster, placement: { ...cluster.placement, documents: new Map([['hot-1', 4]]) }, pending };
  expect(faultsOf({ ...right, cluster: deleting })).toEqual([]);
});
