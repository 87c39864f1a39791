import type { Plan, PlannedStep } from '../plan.js';
import type { Facts, JobReport } from './job-report.js';

/**
 * Tells it to programs, a JSON object a line: `{"kind": "plan", "verdict": ..., "steps": [...]}`, `{"kind": "done", "text":
 * ..., "facts": {...}}`, `{"kind": "row", "table": "months", ...}`. The process adds `{"kind": "end", "exitCode": ...}`.
 */
export class JsonReport implements JobReport {
  constructor(private readonly write: (text: string) => void) {}

  plan(plan: Plan<PlannedStep>): void {
    this.line({ kind: 'plan', ...plan });
  }

  done(text: string, facts: Facts = {}): void {
    this.line({ kind: 'done', text, facts });
  }

  table(name: string, rows: readonly Facts[]): void {
    for (const row of rows) this.line({ kind: 'row', table: name, ...row });
  }

  /** The last line of every run. */
  end(exitCode: number, failure?: string): void {
    this.line({ kind: 'end', exitCode, ...(failure === undefined ? {} : { failure }) });
  }

  private line(value: unknown): void {
    this.write(`${JSON.stringify(value, asJson)}\n`);
  }
}

/** BSON longs as numbers; they are counts, and none is beyond 2^53. */
function asJson(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Set) return [...(value as Set<unknown>)];
  if (typeof value === 'object' && value !== null && '_bsontype' in value && value._bsontype === 'Long') {
    return Number(value);
  }
  return value;
}
