import type { MonthYear } from '@parlance/storage';

/** A job that a month's operator runs. */
export interface YearJob {
  readonly name: string;
  /** Whether it only looks: there is nothing to repeat when it is killed. */
  readonly looks?: true;
  /** Checkpoints that it is killed at in one month, at most; default all that it was never killed at. */
  readonly strikesAMonth?: number;
  /** The command lines that are due in a month, none where there is nothing to do. */
  due(month: MonthYear, year: YearSpan): readonly (readonly string[])[];
}

/** From when to when the year goes. */
export interface YearSpan {
  readonly first: MonthYear;
  readonly last: MonthYear;
  /** Whether MongoDB has tiers. */
  readonly cluster: boolean;
  /** Who is erased in which month. */
  readonly erasures: ReadonlyMap<MonthYear, string>;
}
