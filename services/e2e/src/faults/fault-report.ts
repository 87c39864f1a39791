import type { Anomaly } from '../history/anomaly.js';
import type { HistoryChecker } from '../history/history-checker.js';
import type { ChangeKindName } from './crowd/change-kinds.js';
import type { FaultKindName } from './fault-kinds.js';
import type { Percentiles } from './percentiles.js';
import type { WorldOptions } from './world/world.js';

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
