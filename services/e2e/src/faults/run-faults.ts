import { cp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Anomaly } from '../history/anomaly.js';
import type { HistoryChecker } from '../history/history-checker.js';
import { seededRandom } from '../seeded-random.js';
import type { ChangeKindName } from './crowd/change-kinds.js';
import { type FaultKindName, faultKinds } from './fault-kinds.js';
import { FaultRun } from './fault-run.js';
import type { Percentiles } from './percentiles.js';
import { startWorld, type WorldOptions } from './world/world.js';

const kindNames = Object.keys(faultKinds) as FaultKindName[];

/** How big a run is. */
export interface FaultRunOptions {
  readonly seed: number;
  readonly sends: number;
  readonly clients: number;
  readonly rooms: number;
  readonly faults: number;
  /** MongoDB; default a replica set of three. See {@link WorldOptions}. */
  readonly mongo?: WorldOptions['mongo'];
  /** The kinds to choose from; default: all that this machine can do. */
  readonly only?: readonly FaultKindName[];
  /** Rounds of room changes beside the faults; default: three a fault. */
  readonly rounds?: number;
  /** The kinds of them to choose from; default: all. */
  readonly changes?: readonly ChangeKindName[];
  /** Told what happens, a line at a time. */
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** What a run showed. */
export interface FaultReport {
  readonly seed: number;
  readonly seconds: number;
  readonly counts: ReturnType<HistoryChecker['count']>;
  /** Messages shown, by all clients together. */
  readonly shown: number;
  readonly faults: ReadonlyMap<FaultKindName, number>;
  /** Rounds of room changes that were played, by their kind. */
  readonly rounds: ReadonlyMap<ChangeKindName, number>;
  readonly anomalies: readonly Anomaly[];
  /** Milliseconds from a message's ack to each showing of it. */
  readonly delivery: Percentiles;
  /** Milliseconds from the end of each fault until every client had been shown what was acknowledged by then. */
  readonly convergence: Percentiles;
  readonly months: number;
  /** Most participants that an answer named of a room. */
  readonly largestRoom: number;
  /** What this machine did not allow. */
  readonly missing: readonly string[];
}

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
