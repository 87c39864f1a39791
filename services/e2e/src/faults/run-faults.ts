import { cp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '../seeded-random.js';
import { type FaultKindName, faultKinds } from './fault-kinds.js';
import type { FaultReport, FaultRunOptions } from './fault-report.js';
import { FaultRun } from './fault-run.js';
import { startWorld } from './world/world.js';

const kindNames = Object.keys(faultKinds) as FaultKindName[];

/** Seconds that a fault takes on average on a quiet machine, with its rest; the sends are spread over them. */
const secondsAFault = 5.5;
const secondsAMoment = 2.5;

/** A deployment on two cores does no more than this beside the faults. */
const sendsASecond = 250;

/**
 * Users of the SDK talk and change rooms through a whole deployment while it is broken on purpose, one fault after the other, all decided
 * by the seed. Ends at the first anomaly, or when all is sent, healed and shown.
 */
export async function runFaults(options: FaultRunOptions): Promise<FaultReport> {
  const { say } = options;
  const random = seededRandom(options.seed);
  const faultSeconds = options.faults * meanSecondsOf(options.only ?? kindNames);
  const plannedMs = Math.max(faultSeconds, options.sends / sendsASecond) * 1_000;
  // Servers and clients take a while to start, so the month ends in the first half of the faults.
  await using world = await startWorld({
    random,
    monthEndsInMs: 30_000 + plannedMs * 0.4,
    mongo: options.mongo ?? 'replicaSet',
    say,
  });
  for (const reason of world.missing) say(`SKIPPED some kinds of faults: ${reason}`);
  let report: FaultReport | undefined;
  try {
    report = await new FaultRun(options, world, random).report(plannedMs);
  } finally {
    if (report === undefined || !isClean(report)) {
      const kept = join(tmpdir(), `parlance-faults-${options.seed}-${process.pid}`);
      await cp(world.deployment.directory, kept, {
        recursive: true,
        filter: (path) => !/\/(mongo|redis)-[a-z0-9-]+$/.test(path),
      });
      say(`the logs of all processes are kept in ${kept}`);
    }
  }
  return report;
}

function meanSecondsOf(kinds: readonly FaultKindName[]): number {
  const seconds = kinds.map((kind): number => ('isMoment' in faultKinds[kind] ? secondsAMoment : secondsAFault));
  return seconds.reduce((sum, each) => sum + each, 0) / seconds.length;
}

/** Nothing is wrong, and every send was acknowledged in the end: the SDK gives none up. */
export function isClean({ anomalies, counts }: FaultReport): boolean {
  return anomalies.length === 0 && counts.acked === counts.sends;
}
