import { numberOption } from '../cli/number-option.js';
import type { StandaloneCommand } from '../cli/standalone-command.js';
import { type BootstrapConfig, bootstrapConfig } from '../config.js';
import { type ExitCode, exitCode } from '../exit-code.js';
import type { StandaloneContext } from '../job-context.js';
import { readBootstrapInventory } from './bootstrap-inventory.js';
import { planBootstrap } from './plan-bootstrap.js';
import { takeBootstrapStep } from './take-bootstrap-step.js';

/** What `bootstrap` is asked for. */
export interface BootstrapOptions {
  /** How long a set may take to have a primary, and the router to answer, milliseconds. */
  readonly patienceMs: number;
  /** Print the plan and change nothing. */
  readonly dryRun: boolean;
}

/** `jobs bootstrap`: makes a sharded cluster of servers. */
export const bootstrapCommand: StandaloneCommand = {
  name: 'bootstrap',
  usage: 'bootstrap [--patience 120] [--dry-run]',
  doc: 'Makes a sharded MongoDB of the servers in CLUSTER_TOPOLOGY, or what is left of it: replica sets, the user of MONGO_URI, shards, zones, the database and its collections.',
  options: { patience: { type: 'string' }, 'dry-run': { type: 'boolean' } },
  configure(load) {
    const config = load(bootstrapConfig);
    return (values, context) => {
      const patienceMs = numberOption(values, 'patience', { least: 0, most: 3_600, otherwise: 120 }) * 1_000;
      return bootstrap({ patienceMs, dryRun: values['dry-run'] === true }, config, context);
    };
  },
};

/**
 * Makes what is missing of the cluster. Repeating it changes nothing, and it may be ended between any two steps. It changes
 * nothing that stands otherwise than the topology says: it refuses and names it.
 * @throws JobFailed; what the driver throws.
 */
async function bootstrap(
  { patienceMs, dryRun }: BootstrapOptions,
  config: BootstrapConfig,
  context: StandaloneContext,
): Promise<ExitCode> {
  const { progress, report, signal, checkpoint } = context;
  const inventory = await progress.during('looking at the servers', () => readBootstrapInventory(config));
  const plan = planBootstrap(inventory);
  report.plan(plan);
  if (plan.verdict === 'refused') return exitCode.refused;
  if (plan.verdict === 'nothing' || dryRun) return exitCode.done;
  for (const step of plan.steps) {
    signal.throwIfAborted();
    await progress.during(step.what, () => takeBootstrapStep(step, config, { ...context, patienceMs }));
    await checkpoint(`bootstrap:${step.kind}`);
  }
  const shards = config.topology.shards.map(({ name }) => name);
  report.done(`the cluster of ${shards.join(', ')} is ready`, { shards });
  return exitCode.done;
}
