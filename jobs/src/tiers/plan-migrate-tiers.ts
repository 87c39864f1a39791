import { dueTier, type MonthDocument, type MonthYear, type TierPolicy, type Zone } from '@parlance/storage';
import { type Chunk, type ClusterShard, shardsOf } from '../mongo/cluster/cluster-shards.js';
import type { DiskSpace } from '../mongo/cluster/shard-bytes.js';
import type { Plan, PlannedStep } from '../plan.js';

/** The command's name, as it stands in `work.job`. */
export const migrateTiers = 'migrate-tiers';

/** A month and where it lies. */
export interface MonthPlacement {
  readonly entry: Pick<MonthDocument, 'monthYear' | 'state' | 'tier' | 'epoch' | 'work'>;
  /** Undefined when the collection is not sharded, or does not stand. */
  readonly chunks: readonly Chunk[] | undefined;
  /** Zone of its range; undefined when it has none. */
  readonly zone: string | undefined;
  /** Bytes of its collection by shard, of whatever is left there. */
  readonly bytes: ReadonlyMap<string, number>;
  /** Documents by shard, with those that a move has left and that are still to be deleted. */
  readonly documents: ReadonlyMap<string, number>;
}

/** What `migrate-tiers` has found. */
export interface TierInventory {
  /** Unix milliseconds. */
  readonly now: number;
  readonly policy: TierPolicy;
  readonly shards: readonly ClusterShard[];
  readonly disks: ReadonlyMap<string, DiskSpace>;
  /** Shards whose files somebody has locked. */
  readonly locked: readonly string[];
  readonly months: readonly MonthPlacement[];
}

/** A range that goes to another shard. */
export interface RangeMove extends Chunk {
  readonly to: string;
}

/** Move a month's ranges to the shards of a tier. */
export interface MoveStep extends PlannedStep {
  readonly kind: 'move';
  readonly month: MonthYear;
  readonly epoch: number;
  readonly from: string;
  readonly to: Zone;
  readonly moves: readonly RangeMove[];
  readonly bytes: number;
}

/** Have the disks of the shards that a month has left free again. */
export interface ReclaimStep extends PlannedStep {
  readonly kind: 'reclaim';
  readonly month: MonthYear;
  readonly donors: readonly string[];
}

/** A step of `migrate-tiers`. */
export type MigrateStep = MoveStep | ReclaimStep;

/** A collection without documents is not smaller than this, with its indexes, bytes. */
export const emptyBytes = 1_048_576;

/** How much larger the deletion of a range that moved away makes a file, at most: 2.2 times was measured, more is allowed for. */
const growthByDeletion = 3;

/**
 * Which months have to move, the hottest due first, and which shards have to give their bytes back. A month moves when it
 * is due for a cooler tier or parts of it lie outside its tier, whoever put them there. Refused as a whole when a shard
 * that takes something has no space or is being backed up. Pure.
 */
export function planMigrateTiers(inventory: TierInventory): Plan<MigrateStep> {
  const { months } = inventory;
  const busy = months.flatMap(({ entry }) => (isOthers(entry) ? [`${entry.monthYear} by ${entry.work?.job}`] : []));
  const free = months.filter(({ entry, chunks }) => !isOthers(entry) && entry.state === 'SEALED' && chunks);
  const moves = free.map((month) => moveOf(month, inventory));
  const steps = free.flatMap((month, index) => {
    const move = moves[index];
    const reclaim = reclaimOf(month, move, inventory);
    return [...(move ? [move] : []), ...(reclaim ? [reclaim] : [])];
  });
  const moving = steps.filter((step) => step.kind === 'move');
  const refusal = refusalToMove(moving, inventory);
  if (refusal !== undefined) return { verdict: 'refused', reason: refusal };
  const left = busy.length > 0 ? `; left alone, being worked on: ${busy.join(', ')}` : '';
  if (steps.length === 0)
    return { verdict: 'nothing', reason: `each of ${months.length} months is in its tier${left}` };
  return { verdict: 'run', steps: [...moving, ...steps.filter((step) => step.kind === 'reclaim')] };
}

/** The zone that a month is due for: the archive is none, and a month waits for it on cold storage. */
function dueZone(entry: MonthPlacement['entry'], now: number, policy: TierPolicy): Zone {
  const due = dueTier(entry, now, policy);
  return due === 'archive' ? 'cold' : due;
}

/** Another job has claimed it and would lose its memo. */
function isOthers({ work }: MonthPlacement['entry']): boolean {
  return work !== undefined && work.job !== migrateTiers;
}

function moveOf(month: MonthPlacement, { now, policy, shards }: TierInventory): MoveStep | undefined {
  const { entry, chunks = [], zone, bytes } = month;
  const to = dueZone(entry, now, policy);
  const targets = shardsOf(to, shards);
  const moves = spreadOver(targets, chunks);
  const isDue = entry.tier !== to || zone !== to || moves.some(({ min }) => min['monthYear'] === entry.monthYear);
  if (!isDue) return undefined;
  const size = moves.reduce((sum, { shard }) => sum + shareOf(shard, chunks, bytes), 0);
  const over = targets.length > 0 ? targets.join(' and ') : 'no shard';
  return {
    kind: 'move',
    month: entry.monthYear,
    epoch: entry.epoch,
    from: entry.tier,
    to,
    moves,
    bytes: size,
    what: `move ${entry.monthYear} from ${entry.tier} to ${to}: ${moves.length} ranges to ${over}, ${megabytes(size)}`,
    reason: reasonToMove(month, to, moves, { now, policy }),
  };
}

function reasonToMove(
  { entry: { tier, work }, zone }: MonthPlacement,
  to: Zone,
  moves: readonly RangeMove[],
  { now, policy }: Pick<TierInventory, 'now' | 'policy'>,
): string {
  const { warmAfterMonths: warm, coldAfterMonths: cold } = policy;
  const shards = [...new Set(moves.map(({ shard }) => shard))].join(', ');
  const reasons = [
    tier === to ? [] : [`on ${new Date(now).toISOString()} it is due: warm from ${warm}, cold from ${cold} months on`],
    zone === to ? [] : [`its range is in the zone ${zone ?? '(none)'}`],
    moves.length === 0 ? [] : [`parts of it lie on ${shards}`],
    work ? [`a run ended at its step ${work.step}`] : [],
  ];
  return reasons.flat().join('; ');
}

/** Where each range goes that is not on one of the targets: to the one that has the fewest by then. */
export function spreadOver(targets: readonly string[], chunks: readonly Chunk[]): readonly RangeMove[] {
  const has = new Map(targets.map((shard) => [shard, chunks.filter((chunk) => chunk.shard === shard).length]));
  return chunks.flatMap((chunk): RangeMove[] => {
    if (has.has(chunk.shard)) return [];
    const [to] = [...has].toSorted(([, one], [, other]) => one - other)[0] ?? [''];
    has.set(to, (has.get(to) ?? 0) + 1);
    return [{ ...chunk, to }];
  });
}

/** Bytes of one range, if those of a shard were of equal size. */
function shareOf(shard: string, chunks: readonly Chunk[], bytes: ReadonlyMap<string, number>): number {
  return (bytes.get(shard) ?? 0) / Math.max(1, chunks.filter((chunk) => chunk.shard === shard).length);
}

function reclaimOf(
  { entry, bytes }: MonthPlacement,
  move: MoveStep | undefined,
  { now, policy, shards }: TierInventory,
): ReclaimStep | undefined {
  const keeps = new Set(shardsOf(dueZone(entry, now, policy), shards));
  const left = move ? emptyBytes / growthByDeletion : emptyBytes;
  const donors = [...bytes].filter(([shard, size]) => !keeps.has(shard) && size > left);
  const isUnfinished = entry.work !== undefined && !move;
  if (donors.length === 0 && !move && !isUnfinished) return undefined;
  const held = donors.map(([shard, size]) => `${megabytes(size)} on ${shard}`).join(', ');
  return {
    kind: 'reclaim',
    month: entry.monthYear,
    donors: donors.map(([shard]) => shard),
    what: `have the disk of ${donors.map(([shard]) => shard).join(', ') || 'the donors'} free of ${entry.monthYear} again`,
    reason: `MongoDB deletes a range that moved and keeps the file as long as it was${held === '' ? '' : `: ${held}`}`,
  };
}

/** Why nothing may be moved now; undefined when it may. */
function refusalToMove(moving: readonly MoveStep[], { shards, disks, locked }: TierInventory): string | undefined {
  const [lost] = moving.filter(({ to }) => shardsOf(to, shards).length === 0);
  if (lost) return `no shard is in the zone ${lost.to}, where ${lost.month} is due: run \`jobs bootstrap\``;
  const takes = new Map<string, number>();
  for (const { moves, bytes } of moving) {
    for (const { to } of moves) takes.set(to, (takes.get(to) ?? 0) + bytes / moves.length);
  }
  const full = [...takes].find(([shard, size]) => (disks.get(shard)?.freeBytes ?? 0) < 2 * size);
  if (full) {
    const [shard, size] = full;
    const has = megabytes(disks.get(shard)?.freeBytes ?? 0);
    return `${shard} has ${has} free and would take ${megabytes(size)}; twice that must be free`;
  }
  const backedUp = locked.filter(
    (shard) => takes.has(shard) || moving.some(({ moves }) => moves.some((move) => move.shard === shard)),
  );
  return backedUp.length > 0 ? `the files of ${backedUp.join(', ')} are locked for a backup` : undefined;
}

/** Bytes for people. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(1)} MiB`;
}
