import type { Finding, Point, TargetResult } from './finding.ts';

/** Collects what a target comes to, figure by figure: what was measured stays when the next one cannot be. */
export class Findings {
  private readonly findings: Finding[] = [];
  private readonly points: Point[] = [];
  private readonly notes: string[] = [];

  /** `target` is "P1"; `onFinding` hears of each figure as it comes. */
  constructor(
    private readonly target: string,
    private readonly onFinding: (finding: Finding) => void,
  ) {}

  /** A figure beside its limit. */
  finding(finding: Omit<Finding, 'target'>): void {
    const whole = { target: this.target, ...finding };
    this.findings.push(whole);
    this.onFinding(whole);
  }

  /** Points of plots. */
  draw(...points: readonly Point[]): void {
    this.points.push(...points);
  }

  /** A line for people. */
  note(line: string): void {
    this.notes.push(line);
  }

  /** All so far. */
  get result(): TargetResult {
    return { findings: [...this.findings], points: [...this.points], notes: [...this.notes] };
  }
}
