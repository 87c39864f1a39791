import type { Stage, StageOptions } from './stage.js';

/** A targeted run: what it needs and what happens in it. */
export interface Scenario {
  readonly what: string;
  readonly stage: Omit<StageOptions, 'sabotage' | 'seed'>;
  run(stage: Stage, random: () => number): Promise<void>;
}
