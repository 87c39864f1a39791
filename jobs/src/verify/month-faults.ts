import type { MonthCounts, MonthDigest, MonthDocument } from '@parlance/storage';
import { type ClusterShard, shardsOf } from '../mongo/cluster/cluster-shards.js';
import type { PendingDeletions } from '../mongo/cluster/range-deletions.js';
import { differenceOf } from '../tiers/month-digest.js';
import { emptyBytes, type MonthPlacement, megabytes } from '../tiers/plan-migrate-tiers.js';

/** What can be wrong with a month. */
export type MonthFaultKind =
  /** Its collection is not there, or another one is. */
  | 'collection'
  /** Parts of it lie outside its tier, or it is not sharded. */
  | 'placement'
  /** Its range is not in the zone of its tier. */
  | 'zone'
  /** Ranges of it are too large to move, as MongoDB says. */
  | 'jumbo'
  /** There are more or fewer records than when it was sealed. */
  | 'counts'
  /** Its records are not those that were there. */
  | 'digest'
  /** What `months` says of its copy in the archive does not hold. */
  | 'archive'
  /** Shards that it has left have documents of it that nobody will delete. */
  | 'orphans'
  /** Shards that it has left still give their disk to it. */
  | 'bytes'
  /** A job that is dead has left it unfinished. */
  | 'work';

/** A fault, for people. */
export interface MonthFault {
  readonly kind: MonthFaultKind;
  readonly text: string;
  /** How many ranges it concerns, where it does. */
  readonly ranges?: number;
}

/** What was found of one month. Absent parts were not looked at. */
export interface VerifiedMonth {
  readonly entry: MonthDocument;
  /** What stands under its collection's name, with the collection's UUID in hexadecimal. */
  readonly stands:
    | { readonly kind: 'collection'; readonly uuid: string | undefined }
    | { readonly kind: 'view' | 'nothing' };
  readonly counts?: MonthCounts;
  readonly digest?: MonthDigest;
  /** In a cluster. */
  readonly cluster?: {
    readonly shards: readonly ClusterShard[];
    readonly placement: MonthPlacement;
    readonly pending: ReadonlyMap<string, PendingDeletions>;
  };
  /** Whether the run that has claimed it may still be at work. */
  readonly isWorkedOn: boolean;
}

/** All that is wrong with a month. Pure. */
export function faultsOf(month: VerifiedMonth): readonly MonthFault[] {
  const { entry, isWorkedOn } = month;
  const { work } = entry;
  if (work && isWorkedOn) return [];
  const faults = [
    ...collectionFaults(month),
    ...archiveFaults(month),
    ...contentFaults(month),
    ...(month.cluster ? clusterFaults(entry, month.cluster) : []),
  ];
  if (!work) return faults;
  return [...faults, { kind: 'work', text: `${work.job} died at its step ${work.step}: run it again` }];
}

function collectionFaults({ entry, stands }: VerifiedMonth): readonly MonthFault[] {
  const isDropped = entry.archive?.droppedAt !== undefined && entry.state === 'ARCHIVED';
  if (isDropped) {
    const text = `its collection was dropped and a ${stands.kind} stands in its place, which lets a stray insert in`;
    return stands.kind === 'view' ? [] : [{ kind: 'collection', text }];
  }
  if (stands.kind !== 'collection')
    return [{ kind: 'collection', text: `${stands.kind} stands where its collection should` }];
  const { collectionUUID } = entry;
  const known = collectionUUID?.toString('hex');
  if (known === undefined || known === stands.uuid) return [];
  return [
    { kind: 'collection', text: `its collection is another one (${stands.uuid}) than was created for it (${known})` },
  ];
}

function archiveFaults({ entry: { state, archive } }: VerifiedMonth): readonly MonthFault[] {
  if (state !== 'ARCHIVED') return [];
  if (!archive) return [{ kind: 'archive', text: 'it is ARCHIVED and no manifest is named' }];
  return archive.flippedAt
    ? []
    : [{ kind: 'archive', text: `it is ARCHIVED and ${archive.manifest} has no time of its flip` }];
}

function contentFaults({ entry, counts, digest }: VerifiedMonth): readonly MonthFault[] {
  const faults: MonthFault[] = [];
  for (const kind of ['messages', 'rooms', 'voids'] as const) {
    const [was, is] = [entry.counts?.[kind], counts?.[kind]].map((each) => each && Number(each));
    if (was === undefined || is === undefined || was === is) continue;
    faults.push({ kind: 'counts', text: `it was sealed with ${was} ${kind} and has ${is}` });
  }
  const difference = entry.digest && digest && differenceOf(entry.digest, digest);
  return difference === undefined ? faults : [...faults, { kind: 'digest', text: difference }];
}

function clusterFaults(
  { monthYear, tier, state }: MonthDocument,
  { shards, placement, pending }: NonNullable<VerifiedMonth['cluster']>,
): readonly MonthFault[] {
  if (state === 'ARCHIVED' || tier === 'archive') return [];
  const { chunks, zone, bytes, documents } = placement;
  if (!chunks) return [{ kind: 'placement', text: 'its collection is not sharded' }];
  const keeps = new Set(shardsOf(tier, shards));
  const own = chunks.filter(({ min }) => min['monthYear'] === monthYear);
  const outside = own.filter(({ shard }) => !keeps.has(shard));
  const owners = new Set(chunks.map(({ shard }) => shard));
  const faults: MonthFault[] = [];
  if (outside.length > 0) {
    const where = [...new Set(outside.map(({ shard }) => shard))].join(', ');
    const text = `it is ${tier} and ${outside.length} ranges of it lie on ${where}`;
    faults.push({ kind: 'placement', text, ranges: outside.length });
  }
  if (zone !== tier)
    faults.push({ kind: 'zone', text: `it is ${tier} and its range is in the zone ${zone ?? '(none)'}` });
  const jumbo = own.filter(({ isJumbo }) => isJumbo);
  if (jumbo.length > 0) {
    const where = [...new Set(jumbo.map(({ shard }) => shard))].join(', ');
    const text = `${jumbo.length} ranges of it on ${where} are too large to move (jumbo)`;
    faults.push({ kind: 'jumbo', text, ranges: jumbo.length });
  }
  for (const [shard, lying] of documents) {
    if (owners.has(shard) || lying === 0 || (pending.get(shard)?.ranges ?? 0) > 0) continue;
    faults.push({
      kind: 'orphans',
      text: `${lying} documents lie on ${shard}, which owns nothing of it and has nothing to delete`,
    });
  }
  for (const [shard, size] of bytes) {
    if (keeps.has(shard) || size <= emptyBytes || outside.some((chunk) => chunk.shard === shard)) continue;
    faults.push({
      kind: 'bytes',
      text: `${shard} still gives ${megabytes(size)} of its disk to it: run migrate-tiers`,
    });
  }
  return faults;
}
