import type { Plan, PlannedStep } from '../plan.js';

/** What a job tells whoever called it, on stdout: what it will do and what it did. How far it is, `Progress` tells. */
export interface JobReport {
  plan(plan: Plan<PlannedStep>): void;
  /** Something that was done or found: a line for people, without its end, and the facts of it by name for programs. */
  done(text: string, facts?: Facts): void;
  /** Rows with a value for each of their columns, in the order of the first row's. */
  table(name: string, rows: readonly Facts[]): void;
}

/** Values by name. A time is a Date, an absent value null; BSON numbers are given as they are. */
export type Facts = Readonly<Record<string, unknown>>;
