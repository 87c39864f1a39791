import type { Plan, PlannedStep } from '../plan.js';
import type { Facts, JobReport } from '../report/job-report.js';

/** Tells it to another report, and remembers the last line of it. */
export class NotedReport implements JobReport {
  private last = '';

  constructor(private readonly report: JobReport) {}

  /** The last that was told, or why nothing was to be done or could be. */
  get note(): string {
    return this.last;
  }

  plan(plan: Plan<PlannedStep>): void {
    if (plan.verdict !== 'run')
      this.last = `${plan.verdict === 'nothing' ? 'nothing to do' : 'refused'}: ${plan.reason}`;
    this.report.plan(plan);
  }

  done(text: string, facts?: Facts): void {
    this.last = text;
    this.report.done(text, facts);
  }

  table(name: string, rows: readonly Facts[]): void {
    this.report.table(name, rows);
  }
}
