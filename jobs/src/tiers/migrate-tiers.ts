import { isSharded } from '@parlance/storage';
import type { Command } from '../cli/command.js';
import { type ExitCode, exitCode } from '../exit-code.js';
import type { JobContext } from '../job-context.js';
import { JobFailed } from '../job-failed.js';
import { pauseBalancer, repairBalancer, resumeBalancer } from '../mongo/cluster/balancer.js';
import { ShardConnections } from '../mongo/cluster/shard-connections.js';
import { ClaimedMonth } from '../months/claimed-month.js';
import { readMonth } from '../months/month-registry.js';
import { type MoveMemo, moveMonth } from './move-month.js';
import {
  emptyBytes,
  type MigrateStep,
  megabytes,
  migrateTiers as name,
  planMigrateTiers,
} from './plan-migrate-tiers.js';
import { reclaimSpace } from './reclaim-space.js';
import { readTierInventory } from './tier-inventory.js';

/** What `migrate-tiers` is asked for. */
export interface MigrateTiersOptions {
  /** Print the plan and change nothing. */
  readonly dryRun: boolean;
}

/** `jobs migrate-tiers`: moves months to cheaper storage as they age. */
export const migrateTiersCommand: Command = {
  name,
  usage: 'migrate-tiers [--dry-run]',
  doc: 'Moves sealed months from hot to warm to cold shards when they are old enough, verifies them, and frees the disks that they left.',
  alone: true,
  options: { 'dry-run': { type: 'boolean' } },
  run: (values, context) => migrateTiers({ dryRun: values['dry-run'] === true }, context),
};

/**
 * Moves every month that is due, one after the other, under a claim on each; then frees the disks that they left. History
 * reads the same all the time. The balancer is off while ranges move and as it was before whatever happens, except after the
 * death of the process: then the next job switches it on.
 * @throws JobFailed; what the driver throws.
 */
export async function migrateTiers({ dryRun }: MigrateTiersOptions, context: JobContext): Promise<ExitCode> {
  const { database, config, report } = context;
  if (!(await isSharded(database))) {
    report.plan({ verdict: 'refused', reason: 'the database is a replica set: tiers are zones of a sharded cluster' });
    return exitCode.refused;
  }
  await using connections = new ShardConnections(database, config.mongoUri);
  const inventory = await readTierInventory(context, connections);
  const plan = planMigrateTiers(inventory);
  report.plan(plan);
  if (plan.verdict === 'refused') return exitCode.refused;
  if (plan.verdict === 'nothing' || dryRun) return exitCode.done;
  const repaired = await repairBalancer(database);
  if (repaired !== undefined)
    report.done(`switched the balancer on, which a dead ${repaired} had left off`, { repaired });
  const bytes = new Map(inventory.months.map((month) => [month.entry.monthYear, month.bytes]));
  await apply(plan.steps, context, connections, (month) => bytes.get(month) ?? new Map());
  return exitCode.done;
}

type BytesOfMonth = (month: MigrateStep['month']) => ReadonlyMap<string, number>;

async function apply(
  steps: readonly MigrateStep[],
  context: JobContext,
  connections: ShardConnections,
  bytesOf: BytesOfMonth,
): Promise<void> {
  const claims = new Map<string, ClaimedMonth<MoveMemo>>();
  const claimOf = async (step: MigrateStep): Promise<ClaimedMonth<MoveMemo>> => {
    const claimed = claims.get(step.month) ?? (await claim(step, context));
    claims.set(step.month, claimed);
    return claimed;
  };
  try {
    for (const step of steps) {
      if (step.kind !== 'move') continue;
      await pauseBalancer(context, name);
      await moveMonth(context, await claimOf(step), step, bytesOf(step.month));
      context.report.done(`${step.month} is ${step.to}`, {
        month: step.month,
        tier: step.to,
        ranges: step.moves.length,
      });
    }
  } finally {
    await resumeBalancer(context);
  }
  await context.checkpoint('migrate-tiers:balancer-restored');
  const held: string[] = [];
  for (const step of steps) {
    if (step.kind !== 'reclaim') continue;
    const claimed = await claimOf(step);
    const left = await reclaimSpace(context, connections, claimed, step.donors);
    if (left > emptyBytes) held.push(`${megabytes(left)} of ${step.month}`);
    else await claimed.release();
    await context.checkpoint('migrate-tiers:released');
  }
  if (held.length > 0) throw new JobFailed(`the shards that were left still hold ${held.join(', ')} on their disks`);
}

async function claim(step: MigrateStep, context: JobContext): Promise<ClaimedMonth<MoveMemo>> {
  const entry = await readMonth(context.database, step.month);
  const read = step.kind === 'move' ? { monthYear: step.month, epoch: step.epoch } : entry;
  if (!read) throw new JobFailed(`${step.month} is not registered any more`);
  const note = { step: 'claim', what: step.what, reason: step.reason };
  const claimed = await ClaimedMonth.claim<MoveMemo>(context, read, name, note);
  await context.checkpoint('migrate-tiers:claimed');
  return claimed;
}
