import type { TrendName } from './measures.ts';

/** A scenario as far as it can be told without running it. */
export interface Scenario {
  /** One line. */
  readonly about: string;
  readonly variables: Readonly<Record<string, Variable>>;
  /** What it measures. Each can be limited by a variable of its own. */
  readonly trends: readonly TrendName[];
}

/** One environment variable of a scenario. */
export interface Variable {
  readonly kind: 'whole number' | 'number' | 'duration';
  /** What it is when it is not given, as a person would write it. Empty: nothing. */
  readonly value: string;
  readonly meaning: string;
}
