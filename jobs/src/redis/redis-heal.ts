import { numberOption } from '../cli/number-option.js';
import type { StandaloneCommand } from '../cli/standalone-command.js';
import { type RedisJobsConfig, redisJobsConfig } from '../config.js';
import { type ExitCode, exitCode } from '../exit-code.js';
import type { StandaloneContext } from '../job-context.js';
import { openNodes } from './nodes/open-nodes.js';
import { clusterSlots, renderSlots } from './nodes/slot-ranges.js';
import { planRedisHeal, type RedisLosses, redisLosses } from './plan-redis-heal.js';
import { takeRedisStep } from './take-redis-step.js';

/** What `redis-heal` is asked for. */
export interface RedisHealOptions {
  /** How long nodes may take to answer, and later to agree, milliseconds. */
  readonly patienceMs: number;
  /** Print the plan and change nothing. */
  readonly dryRun: boolean;
}

/** `jobs redis-heal`: brings the nodes of a cluster together again. */
export const redisHealCommand: StandaloneCommand = {
  name: 'redis-heal',
  usage: 'redis-heal [--patience 60] [--dry-run]',
  doc: 'Introduces the nodes at REDIS_NODES to each other again after their addresses changed; names slots without an owner.',
  options: { patience: { type: 'string' }, 'dry-run': { type: 'boolean' } },
  configure(load) {
    const config = load(redisJobsConfig);
    return (values, context) => {
      const patienceMs = numberOption(values, 'patience', { least: 0, most: 3_600, otherwise: 60 }) * 1_000;
      return redisHeal({ patienceMs, dryRun: values['dry-run'] === true }, config, context);
    };
  },
};

/**
 * Heals what can be healed without losing a key, waits until the nodes agree, and reports what is left: `exitCode.found`
 * when slots have no owner. Repeating it changes nothing.
 * @throws JobFailed, when nodes do not answer or do not agree in time.
 */
async function redisHeal(
  { patienceMs, dryRun }: RedisHealOptions,
  config: RedisJobsConfig,
  context: StandaloneContext,
): Promise<ExitCode> {
  const waiting = { ...context, patienceMs };
  using nodes = await openNodes(1, config, waiting);
  const found = await nodes.views();
  const plan = planRedisHeal(found);
  context.report.plan(plan);
  if (plan.verdict === 'refused') return exitCode.refused;
  if (dryRun) return report(redisLosses(found), context);
  if (plan.verdict === 'run') {
    for (const step of plan.steps) await takeRedisStep(step, nodes, waiting);
    context.report.done(`${found.length} nodes know each other`, { nodes: found.length });
  }
  return report(redisLosses(await nodes.views()), context);
}

/** Names what is lost. A node that is away is no fault while others serve its slots. */
function report({ absent, withoutOwner }: RedisLosses, { report }: StandaloneContext): ExitCode {
  for (const { id, ip, port, slots } of absent) {
    const holding = slots.length > 0 ? `, with slots ${renderSlots(slots)}` : '';
    report.done(`not there: node ${id}, last at ${ip}:${port}${holding}`, { absent: id, ip, port, slots });
  }
  if (withoutOwner.length === 0) return exitCode.done;
  const what = `without an owner: slots ${renderSlots(withoutOwner)} of ${clusterSlots}; the nodes that had them are not there.`;
  const then =
    'Bring one of them back, or give the slots to others with CLUSTER ADDSLOTSRANGE: Redis holds nothing that lasts';
  report.done(`${what} ${then}`, { withoutOwner });
  return exitCode.found;
}
