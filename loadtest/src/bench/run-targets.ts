import { cpus, totalmem } from 'node:os';
import { Bench, type BenchOptions } from './bench.ts';
import { guarded } from './guarded.ts';
import { Budget } from './pairs/budget.ts';
import { type MeasuredTarget, writeResult } from './report/results.ts';
import { targetTable } from './report/target-table.ts';
import { type Servers, startServers } from './systems/servers.ts';
import { verdict } from './targets/finding.ts';
import { Findings } from './targets/findings.ts';
import { type Target, targets } from './targets/targets.ts';

/** What to measure. */
export interface TargetRun extends BenchOptions {
  /** "P1", "P2"; in the order in which they are given. */
  readonly names: readonly string[];
  readonly resultsFile: string;
  readonly commit: string;
  /** Of the whole run: what is left of it ends targets that hang. */
  readonly budget: Budget;
}

/** Seconds that a target may take in a run of this scale; what starts takes as long in a small run. */
export function plannedSeconds(name: string, scale: number): number {
  const { seconds } = targetOf(name);
  return scale === 1 ? seconds : Math.round(seconds * scale) + 25;
}

/**
 * Measures each target, prints the table, and keeps the figures in the results file as they come. A target that cannot be measured is told
 * with its reason, and the others go on. Resolves with the exit code: 0 also when a target is missed, since that is what a bench is there to
 * tell; 1 when one could not be measured.
 */
export async function runTargets(run: TargetRun): Promise<number> {
  const begun = performance.now();
  // What fails after its target was given up must not end the targets behind it.
  const stray = (error: unknown): void => run.say(`  ${reasonOf(error)}`);
  process.on('uncaughtException', stray).on('unhandledRejection', stray);
  const planned = run.names.map((name) => plannedSeconds(name, run.scale));
  const minutesFrom = (index: number): string => (sum(planned.slice(index)) / 60).toFixed(1);
  run.say(
    `${run.names.map((name, index) => `${name} ${planned[index]} s`).join(', ')}: ${minutesFrom(0)} minutes at most`,
  );
  const smallness =
    run.scale === 1 ? [] : [`At scale ${run.scale}: this shows that everything runs, its figures are none.`];
  for (const line of smallness) run.say(line);
  const measured: MeasuredTarget[] = [];
  for (const [index, name] of run.names.entries()) {
    const target = targetOf(name);
    const seconds = planned[index] ?? 0;
    run.say(
      `${name} (${index + 1} of ${run.names.length}), ${target.title}: ${seconds} s at most, ${minutesFrom(index)} minutes left`,
    );
    const spareMs = run.budget.leftMs - 1_000 * sum(planned.slice(index));
    const limitMs = 1_000 * seconds + Math.max(graceMs, spareMs);
    let one = await measureTarget(run, name, { seconds, limitMs });
    if (one.failed !== undefined && one.findings.length === 0 && one.seconds < seconds / 2) {
      run.say(`  ${one.failed}: once more`);
      one = await measureTarget(run, name, { seconds: seconds - one.seconds, limitMs: limitMs - 1_000 * one.seconds });
    }
    measured.push(one);
    await writeResult(run.resultsFile, name, one).catch(stray);
    run.say(one.failed === undefined ? '' : `${name} COULD NOT BE MEASURED: ${one.failed}\n`);
  }
  process.off('uncaughtException', stray).off('unhandledRejection', stray);
  const findings = measured.flatMap((one) => one.findings);
  const missed = findings.filter((finding) => verdict(finding) === 'MISS').length;
  const failed = measured.flatMap((one, index) =>
    one.failed === undefined ? [] : [`${run.names[index]} could not be measured: ${one.failed}`],
  );
  const minutes = ((performance.now() - begun) / 60_000).toFixed(1);
  const counts = [
    `${findings.length - missed} passed`,
    `${missed} missed`,
    ...(failed.length > 0 ? [`${failed.length} targets not measured`] : []),
  ];
  process.stdout.write(
    `${[targetTable(findings), '', ...failed, ...smallness, `${counts.join(', ')}, ${minutes} minutes`].join('\n')}\n`,
  );
  return failed.length === 0 ? 0 : 1;
}

/** What was started needs to stop, about. */
const stopSeconds = 6;

/** Longer than planned, where nothing is to spare. */
const graceMs = 15_000;

async function measureTarget(
  run: TargetRun,
  name: string,
  { seconds, limitMs }: { readonly seconds: number; readonly limitMs: number },
): Promise<MeasuredTarget> {
  const from = performance.now();
  const target = targetOf(name);
  const say = (line: string): void => run.say(`  ${line}`);
  const found = new Findings(name, (finding) => say(targetTable([finding])));
  const budget = new Budget(1_000 * (seconds - stopSeconds), () => performance.now());
  const stack = new AsyncDisposableStack();
  let servers: Servers | undefined;
  let failed: string | undefined;
  try {
    await guarded(async () => {
      servers = stack.use(await startServers());
      await target.measure(stack.use(new Bench(servers, found, budget, { ...run, say })));
    }, limitMs);
  } catch (error) {
    failed = reasonOf(error);
  }
  await guarded(() => stack.disposeAsync(), graceMs).catch((error: unknown) =>
    say(`what was started did not end: ${reasonOf(error)}`),
  );
  const { result } = found;
  for (const note of result.notes ?? []) say(note);
  return {
    title: target.title,
    ...result,
    ...(failed === undefined ? {} : { failed }),
    ...(run.scale === 1 ? {} : { scale: run.scale }),
    measuredAt: new Date().toISOString(),
    commit: run.commit,
    machine: machineOf(servers),
    seconds: Math.round((performance.now() - from) / 1_000),
  };
}

function machineOf(servers: Servers | undefined): string {
  const programs = servers && [`MongoDB ${servers.mongo.version}`, `${servers.redis.product} ${servers.redis.version}`];
  return [
    `${cpus().length} cores (${cpus()[0]?.model.trim()})`,
    `${Math.round(totalmem() / 2 ** 30)} GiB`,
    `Node ${process.versions.node}`,
    ...(programs ?? []),
  ].join(', ');
}

function targetOf(name: string): Target {
  const target = targets[name];
  if (target === undefined) throw new Error(`no target is called ${name}`);
  return target;
}

function sum(values: readonly number[]): number {
  return values.reduce((one, other) => one + other, 0);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
