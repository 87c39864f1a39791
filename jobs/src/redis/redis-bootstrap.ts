import { numberOption } from '../cli/number-option.js';
import type { StandaloneCommand } from '../cli/standalone-command.js';
import { type RedisJobsConfig, redisJobsConfig } from '../config.js';
import { type ExitCode, exitCode } from '../exit-code.js';
import type { StandaloneContext } from '../job-context.js';
import { openNodes } from './nodes/open-nodes.js';
import { planRedisBootstrap } from './plan-redis-bootstrap.js';
import { takeRedisStep } from './take-redis-step.js';

/** What `redis-bootstrap` is asked for. */
export interface RedisBootstrapOptions {
  readonly masters: number;
  /** Replicas of each master. */
  readonly replicas: number;
  /** How long nodes may take to answer, and later to agree, milliseconds. */
  readonly patienceMs: number;
  /** Print the plan and change nothing. */
  readonly dryRun: boolean;
}

/** `jobs redis-bootstrap`: makes one cluster of empty nodes. */
export const redisBootstrapCommand: StandaloneCommand = {
  name: 'redis-bootstrap',
  usage: 'redis-bootstrap [--masters 3] [--replicas 1] [--patience 60] [--dry-run]',
  doc: 'Forms the Redis Cluster of the empty nodes at REDIS_NODES, or does what is left of it; refuses where there is data.',
  options: {
    masters: { type: 'string' },
    replicas: { type: 'string' },
    patience: { type: 'string' },
    'dry-run': { type: 'boolean' },
  },
  configure(load) {
    const config = load(redisJobsConfig);
    return (values, context) => {
      const options = {
        masters: numberOption(values, 'masters', { least: 3, most: 500, otherwise: 3 }),
        replicas: numberOption(values, 'replicas', { least: 0, most: 5, otherwise: 1 }),
        patienceMs: numberOption(values, 'patience', { least: 0, most: 3_600, otherwise: 60 }) * 1_000,
        dryRun: values['dry-run'] === true,
      };
      return redisBootstrap(options, config, context);
    };
  },
};

/**
 * Forms the cluster, or finishes it after a run that was cut off, and waits until all nodes agree. Repeating it changes
 * nothing.
 * @throws JobFailed, when nodes do not answer or do not agree in time.
 */
async function redisBootstrap(
  { masters, replicas, patienceMs, dryRun }: RedisBootstrapOptions,
  config: RedisJobsConfig,
  context: StandaloneContext,
): Promise<ExitCode> {
  const waiting = { ...context, patienceMs };
  using nodes = await openNodes(masters * (1 + replicas), config, waiting);
  const plan = planRedisBootstrap({ nodes: await nodes.views(), masters, replicas });
  context.report.plan(plan);
  if (plan.verdict === 'refused') return exitCode.refused;
  if (plan.verdict === 'nothing' || dryRun) return exitCode.done;
  for (const step of plan.steps) await takeRedisStep(step, nodes, waiting);
  const text = `the cluster of ${masters} masters with ${replicas} replicas each is healthy`;
  context.report.done(text, { masters, replicas });
  return exitCode.done;
}
