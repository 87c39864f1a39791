/** What a job is going to do, decided from what it found: nothing is changed before all of it is known and printed. */
export type Plan<Step extends PlannedStep> =
  /** It must not run now. */
  | { readonly verdict: 'refused'; readonly reason: string }
  /** Everything is as it should be. */
  | { readonly verdict: 'nothing'; readonly reason: string }
  | { readonly verdict: 'run'; readonly steps: readonly Step[] };

/** One step, as people read it. */
export interface PlannedStep {
  readonly kind: string;
  /** What is done: "seal 12 rooms". */
  readonly what: string;
  /** Why: a fact that was found. */
  readonly reason: string;
}

/** The plan as text, a line a step. */
export function renderPlan(plan: Plan<PlannedStep>): string {
  if (plan.verdict === 'refused') return `refused: ${plan.reason}\n`;
  if (plan.verdict === 'nothing') return `nothing to do: ${plan.reason}\n`;
  return plan.steps.map(({ what, reason }, index) => `${index + 1}. ${what}\n   because ${reason}\n`).join('');
}
