import { type OptionValues, UsageError } from '../cli/command.js';
import { numberOption } from '../cli/number-option.js';
import type { StandaloneCommand } from '../cli/standalone-command.js';
import { type RollConfig, rollConfig } from '../config.js';
import { type ExitCode, exitCode } from '../exit-code.js';
import type { StandaloneContext } from '../job-context.js';
import { JobFailed } from '../job-failed.js';
import { connectKubernetes, isInCluster } from '../kubernetes/connect-kubernetes.js';
import { kubernetesReason } from '../kubernetes/kubernetes-reason.js';
import { StatefulPods } from '../kubernetes/stateful-pods.js';
import { pauseBalancer, repairBalancer, resumeBalancer } from '../mongo/cluster/balancer.js';
import { connectMongo, type MongoConnection } from '../mongo/connect-mongo.js';
import { withLease } from '../mongo/lease.js';
import { isStale, planRollMongodb, type RollStep } from './plan-roll-mongodb.js';
import { type RollPlace, readRollInventory } from './roll-inventory.js';
import { mendPod, type Rolling, replacePod, untilWhole } from './take-roll-step.js';

const isMend = ({ kind }: RollStep): boolean => kind === 'mend';

/** What `roll-mongodb` is asked for. */
export interface RollMongodbOptions {
  /** What the names of the StatefulSets begin with. */
  readonly name: string;
  /** How long a pod may take to come back, and its replica set to be whole, milliseconds. */
  readonly patienceMs: number;
  /** How long to wait for another job to end, seconds. */
  readonly waitSeconds: number;
  /** Print the plan and change nothing. */
  readonly dryRun: boolean;
}

const job = 'roll-mongodb';

/** `jobs roll-mongodb`: replaces the pods of MongoDB in MongoDB's order. */
export const rollMongodbCommand: StandaloneCommand = {
  name: job,
  usage: `${job} --name chat-mongodb [--patience 600] [--dry-run]`,
  doc: 'Replaces the pods of MongoDB that are made from an older template: config servers, shards, routers; of each set the secondaries first; one at a time, with the balancer off.',
  options: { name: { type: 'string' }, patience: { type: 'string' }, 'dry-run': { type: 'boolean' } },
  configure(load) {
    const config = load(rollConfig);
    return (values, context) => rollMongodb(optionsOf(values), config, context);
  },
};

function optionsOf(values: OptionValues): RollMongodbOptions {
  const { name } = values;
  if (typeof name !== 'string' || name === '') throw new UsageError('--name must be what the StatefulSets begin with');
  return {
    name,
    patienceMs: numberOption(values, 'patience', { least: 1, most: 86_400, otherwise: 600 }) * 1_000,
    waitSeconds: numberOption(values, 'wait', { least: 0, most: 604_800, otherwise: 0 }),
    dryRun: values['dry-run'] === true,
  };
}

/**
 * Replaces what is made from an older template, so that no set is without a majority and no member goes before the one before has all that
 * was written. Each step looks again before it acts, so it may be killed at any point and repeated, also by two runs; a balancer that
 * a dead run has left off is switched on again.
 * @throws JobFailed, LeaseHeld, what the driver throws.
 */
async function rollMongodb(
  { name, patienceMs, waitSeconds, dryRun }: RollMongodbOptions,
  config: RollConfig,
  context: StandaloneContext,
): Promise<ExitCode> {
  const { progress, report } = context;
  const { topology, mongoUri } = config;
  const place: RollPlace = { topology, mongoUri, name };
  const pods = await openPods(config);
  const look = () => progress.during('looking at the pods of MongoDB', () => readInventory(place, pods, context));
  const plan = planRollMongodb(await look());
  report.plan(plan);
  if (plan.verdict === 'refused') return exitCode.refused;
  if (dryRun) return exitCode.done;
  if (plan.verdict === 'nothing') return await mendBalancer(config, context);
  const take = async (steps: readonly RollStep[], signal: AbortSignal, connection?: MongoConnection): Promise<void> => {
    for (const step of steps) {
      signal.throwIfAborted();
      await progress.during(step.what, (tell) => {
        const rolling = { ...context, signal, place, pods, patienceMs, tell };
        return takeStep(step, rolling, connection && { database: connection.database, run: context.run });
      });
    }
  };
  const [mends, rest] = [plan.steps.filter(isMend), plan.steps.filter((step) => !isMend(step))];
  await take(mends, context.signal);
  if (rest.length > 0) {
    await using connection = await connectMongo(mongoUri);
    await repairBalancer(connection.database);
    await withLease({ ...context, database: connection.database }, { job, waitSeconds }, (signal) =>
      take(rest, signal, connection),
    );
  }
  return await verify(plan.steps, { ...context, place, pods, patienceMs }, look);
}

async function takeStep(
  step: RollStep,
  rolling: Rolling,
  balancer: Omit<Parameters<typeof resumeBalancer>[0], 'checkpoint'> | undefined,
): Promise<void> {
  switch (step.kind) {
    case 'mend':
      return await mendPod(step, rolling);
    case 'replace':
      return await replacePod(step, rolling);
    case 'pauseBalancer':
      if (balancer) await pauseBalancer({ ...balancer, checkpoint: rolling.checkpoint }, job);
      return;
    case 'resumeBalancer':
      if (balancer) await resumeBalancer({ ...balancer, checkpoint: rolling.checkpoint });
      return;
  }
}

/** Says what was done once nothing is left to do and each set that was touched is whole. */
async function verify(
  steps: readonly RollStep[],
  rolling: Omit<Rolling, 'tell'> & StandaloneContext,
  look: () => ReturnType<typeof readRollInventory>,
): Promise<ExitCode> {
  const { topology } = rolling.place;
  const touched = new Set(
    steps.flatMap((step) => ('group' in step && step.group.state === 'formed' ? [step.group.name] : [])),
  );
  for (const set of [topology.config, ...topology.shards].filter(({ name }) => touched.has(name))) {
    await rolling.progress.during(`looking whether ${set.name} is whole`, (tell) =>
      untilWhole(set, { ...rolling, tell }),
    );
  }
  const groups = await look();
  const left = groups.flatMap((group) => group.pods.filter((pod) => isStale(group, pod)).map((pod) => pod.name));
  if (left.length > 0) throw new JobFailed(`${left.join(', ')} got another template while the others were replaced`);
  const replaced = steps.flatMap((step) => ('pod' in step ? [step.pod.name] : []));
  rolling.report.done(`all pods of MongoDB are made from the newest templates; replaced: ${replaced.join(', ')}`, {
    replaced,
  });
  return exitCode.done;
}

/**
 * Nobody else would notice before the next job that a run that died after its last pod has left the balancer off. A MongoDB that is only
 * being put together has no such record, and cannot be asked.
 */
async function mendBalancer({ mongoUri }: RollConfig, { report }: StandaloneContext): Promise<ExitCode> {
  try {
    await using connection = await connectMongo(mongoUri);
    const left = await repairBalancer(connection.database);
    if (left !== undefined) report.done(`switched on MongoDB's balancer, which a dead ${left} had left off`, { left });
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    report.done(
      `whether a dead run has left MongoDB's balancer off, the next job looks: it cannot be asked (${reason})`,
    );
  }
  return exitCode.done;
}

async function openPods({ kubeconfig, kubernetesNamespace: namespace }: RollConfig): Promise<StatefulPods> {
  if (kubeconfig === undefined && !isInCluster()) {
    throw new JobFailed('this is no pod with a service account, and KUBECONFIG is not set');
  }
  return await StatefulPods.open(await connectKubernetes({ kubeconfig, namespace }));
}

async function readInventory(
  place: RollPlace,
  pods: StatefulPods,
  { elapsedMs }: StandaloneContext,
): ReturnType<typeof readRollInventory> {
  try {
    return await readRollInventory(place, pods, elapsedMs);
  } catch (thrown) {
    if (thrown instanceof JobFailed) throw thrown;
    throw new JobFailed(`Kubernetes was asked in vain: ${kubernetesReason(thrown)}`);
  }
}
