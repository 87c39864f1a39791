import { cpus, totalmem } from 'node:os';
import { Bench, type BenchOptions } from './bench.ts';
import { writeResult } from './report/results.ts';
import { targetTable } from './report/target-table.ts';
import { startServers } from './systems/servers.ts';
import { type Finding, verdict } from './targets/finding.ts';
import { targets } from './targets/targets.ts';

/** What to measure. */
export interface TargetRun extends BenchOptions {
  /** "P1", "P2"; in the order in which they are given. */
  readonly names: readonly string[];
  readonly resultsFile: string;
  readonly commit: string;
}

/**
 * Measures each target, prints the table, and keeps the figures in the results file as they come. Resolves with the exit code: 0 also when
 * a target is missed, since that is what a bench is there to tell; 1 when one could not be measured.
 */
export async function runTargets(run: TargetRun): Promise<number> {
  const begun = performance.now();
  const findings: Finding[] = [];
  const broken: string[] = [];
  for (const name of run.names) {
    const target = targets[name];
    if (target === undefined) throw new Error(`no target is called ${name}`);
    const from = performance.now();
    run.say(`${name}, ${target.title}`);
    try {
      await using servers = await startServers();
      await using bench = new Bench(servers, { ...run, say: (line) => run.say(`  ${line}`) });
      const result = await target.measure(bench);
      findings.push(...result.findings);
      for (const note of result.notes ?? []) run.say(`  ${note}`);
      const machine = `${cpus().length} cores (${cpus()[0]?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, MongoDB ${servers.mongo.version}, ${servers.redis.product} ${servers.redis.version}`;
      await writeResult(run.resultsFile, name, {
        title: target.title,
        ...result,
        measuredAt: new Date().toISOString(),
        commit: run.commit,
        machine,
        seconds: Math.round((performance.now() - from) / 1_000),
      });
      run.say(`${targetTable(result.findings)}\n`);
    } catch (error) {
      broken.push(`${name} could not be measured: ${error instanceof Error ? error.message : String(error)}`);
      run.say(broken.at(-1) ?? '');
    }
  }
  const missed = findings.filter((finding) => verdict(finding) === 'MISS').length;
  const minutes = ((performance.now() - begun) / 60_000).toFixed(1);
  process.stdout.write(
    `${targetTable(findings)}\n\n${findings.length - missed} passed, ${missed} missed, ${minutes} minutes\n`,
  );
  for (const line of broken) process.stdout.write(`${line}\n`);
  return broken.length === 0 ? 0 : 1;
}
