import type { Bench } from '../bench.ts';
import type { TargetResult } from './finding.ts';
import { measureCapacity } from './p1-capacity.ts';
import { measureCost } from './p2-cost.ts';
import { measureUnloaded } from './p3-unloaded.ts';

/** A target by its number, and how it is measured. */
export interface Target {
  readonly title: string;
  readonly measure: (bench: Bench) => Promise<TargetResult>;
}

/** In the order in which they are measured: those of the dense workload first, which share their systems. */
export const targets: Readonly<Record<string, Target>> = {
  P1: { title: 'capacity', measure: measureCapacity },
  P2: { title: 'the cost of a message', measure: measureCost },
  P3: { title: 'the cost with little to do', measure: measureUnloaded },
};
