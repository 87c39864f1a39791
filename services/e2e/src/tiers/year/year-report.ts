import type { JobSummary } from '../operator/job-ledger.js';
import type { FinalState } from '../oracle/final-check.js';
import type { Tally } from '../people/tally.js';
import type { YearAnomaly } from './year-anomaly.js';

/** What a year showed. */
export interface YearReport {
  readonly seed: number;
  readonly seconds: number;
  readonly tally: Tally;
  readonly jobs: readonly JobSummary[];
  /** How often each disturbance happened. */
  readonly disturbances: ReadonlyMap<string, number>;
  /** What this machine did not allow. */
  readonly skipped: readonly string[];
  readonly final: FinalState;
  /** The same of the last backup, restored into an empty database; undefined when the year ended before. */
  readonly restored: FinalState | undefined;
  /** Users who were erased, with what they had said. */
  readonly erased: ReadonlySet<string>;
  readonly anomalies: readonly YearAnomaly[];
}

/** Nothing is wrong, and every send was acknowledged. */
export function isCleanYear({ anomalies, tally, final, restored }: YearReport): boolean {
  const isEqual = final.equalRooms === final.rooms && restored?.equalRooms === final.rooms;
  return anomalies.length === 0 && tally.acknowledged === tally.sends && isEqual;
}
