import { setTimeout as delay } from 'node:timers/promises';
import { backoffMs } from '@parlance/runtime';
import { type MonthDigest, zoneCommand, zoneRangeOf } from '@parlance/storage';
import type { JobContext } from '../job-context.js';
import { JobFailed } from '../job-failed.js';
import { adminCommand } from '../mongo/cluster/admin-command.js';
import { readChunks, readShards, shardsOf } from '../mongo/cluster/cluster-shards.js';
import { readMonthZone } from '../mongo/cluster/month-zone.js';
import type { ClaimedMonth } from '../months/claimed-month.js';
import { differenceOf, readMonthDigest } from './month-digest.js';
import { type MoveStep, type RangeMove, spreadOver } from './plan-migrate-tiers.js';

/** What a successor of a dead move has to know. */
export interface MoveMemo {
  /** What the month held before its first range moved. */
  readonly before: MonthDigest;
  /** Bytes of its collection by shard at that time. */
  readonly bytesBefore: Readonly<Record<string, number>>;
}

/** Tries in a row in which no range moved before the job gives up. */
const patience = 8;

/** Longest wait for the move of one range; whether it came is then looked up, milliseconds. */
const moveMs = 600_000;

/**
 * Moves a claimed month to the shards of a tier: digest, zone, ranges one by one, digest again, and only then the tier in
 * `months`. The balancer is off meanwhile. May end anywhere: whoever claims the month next starts at the top and finds done
 * what is done, with the digest that was taken before anything moved.
 * @throws JobFailed; what the driver throws.
 */
export async function moveMonth(
  context: JobContext,
  claimed: ClaimedMonth<MoveMemo>,
  step: MoveStep,
  bytes: ReadonlyMap<string, number>,
): Promise<void> {
  const { checkpoint, now } = context;
  const { month } = claimed;
  const before = claimed.memo.before ?? (await digestOf(context, claimed, 'before the move'));
  if (!claimed.memo.before) {
    const memo = { before, bytesBefore: Object.fromEntries(bytes) };
    await claimed.step({
      step: 'digest',
      what: `digest ${month}: ${textOf(before)}`,
      reason: 'a move must change nothing',
      memo,
    });
    await checkpoint('migrate-tiers:digested');
  }
  await changeZone(context, claimed, step);
  await moveRanges(context, claimed, step);
  const after = await digestOf(context, claimed, 'after the move');
  const difference = differenceOf(before, after);
  if (difference !== undefined) {
    throw new JobFailed(
      `${month} is not the same after its move: ${difference}; run \`jobs audit\` and look before you go on`,
    );
  }
  await checkpoint('migrate-tiers:verified');
  const folded = claimed.entry.foldedThrough?.toISOString() ?? 'nothing yet';
  const reason = `it holds ${textOf(after)} as before; room events folded through: ${folded}`;
  const verifiedAt = new Date(await now());
  await claimed.step(
    { step: 'tier', what: `set the tier of ${month} to ${step.to}`, reason },
    { tier: step.to, verifiedAt, digest: after },
  );
  await checkpoint('migrate-tiers:tier');
}

function digestOf(
  { database, progress, signal }: JobContext,
  { month, entry, memo }: ClaimedMonth<MoveMemo>,
  when: string,
): Promise<MonthDigest> {
  const { messages, rooms, voids } = entry.counts ?? {};
  const counted = messages && Number(messages) + Number(rooms) + Number(voids);
  return progress.during(`reading ${month} ${when}`, (tell) =>
    readMonthDigest(database, month, signal, tell, memo.before?.records ?? counted),
  );
}

function textOf({ records, rooms, root }: MonthDigest): string {
  return `${records} records of ${rooms} rooms, SHA-256 ${root.slice(0, 16)}...`;
}

/** From zone to zone a range goes over none: in one command it is refused (178). */
async function changeZone(
  { database, checkpoint }: JobContext,
  claimed: ClaimedMonth<MoveMemo>,
  { to }: MoveStep,
): Promise<void> {
  const { month } = claimed;
  const { namespace } = database.messages(month);
  const zone = await readMonthZone(database, month);
  if (zone === to) return;
  const reason = `the range of ${month} is in the zone ${zone ?? '(none)'} and MongoDB refuses one step to another`;
  await claimed.step({ step: 'zone', what: `take ${month} out of its zone, then put it into ${to}`, reason });
  await adminCommand(database, zoneCommand(namespace, zoneRangeOf(month), null));
  await checkpoint('migrate-tiers:zoneless');
  await claimed.hold();
  await adminCommand(database, zoneCommand(namespace, zoneRangeOf(month), to));
  await checkpoint('migrate-tiers:zoned');
}

/** One range at a time, each looked up anew before it moves; a range over two chunks is refused (13388). */
async function moveRanges(context: JobContext, claimed: ClaimedMonth<MoveMemo>, step: MoveStep): Promise<void> {
  const { database, progress, signal, checkpoint } = context;
  const { month } = claimed;
  const left = async (): Promise<readonly RangeMove[]> => {
    const targets = shardsOf(step.to, await readShards(database));
    return spreadOver(targets, (await readChunks(database, database.messages(month).namespace)) ?? []);
  };
  let moves = await left();
  if (moves.length === 0) return;
  const total = moves.length;
  const what = `move ${total} ranges of ${month} to ${step.to}`;
  await claimed.step({ step: 'ranges', what, reason: step.reason });
  await progress.during(`moving ${month} to ${step.to}`, async (tell) => {
    for (let idle = 0; moves.length > 0; ) {
      tell({ done: total - moves.length, total, unit: 'ranges' });
      const [move] = moves;
      await claimed.hold();
      const trouble = move && (await tryMove(context, database.messages(month).namespace, move));
      await checkpoint('migrate-tiers:moved');
      const now = await left();
      idle = now.length < moves.length ? 0 : idle + 1;
      if (idle >= patience) throw new JobFailed(`a range of ${month} does not move to ${move?.to}: ${trouble}`);
      if (idle > 0) await delay(backoffMs(idle, { firstMs: 200, capMs: 10_000 }), undefined, { signal });
      moves = now;
    }
  });
}

/** Answers what went wrong. An answer that was lost is wrong too; where the range is by then, the next look tells. */
async function tryMove({ database }: JobContext, namespace: string, { min, max, to }: RangeMove): Promise<string> {
  try {
    await adminCommand(database, { moveRange: namespace, min, max, toShard: to }, moveMs);
    return 'it says that it did';
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
}
