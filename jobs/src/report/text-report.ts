import { type Plan, type PlannedStep, renderPlan } from '../plan.js';
import type { Facts, JobReport } from './job-report.js';

/** Tells it to people. */
export class TextReport implements JobReport {
  constructor(private readonly write: (text: string) => void) {}

  plan(plan: Plan<PlannedStep>): void {
    this.write(renderPlan(plan));
  }

  done(text: string): void {
    this.write(`${text}\n`);
  }

  table(_name: string, rows: readonly Facts[]): void {
    const [first] = rows;
    if (!first) return;
    const columns = Object.keys(first);
    const cells = [
      columns.map((column) => column.toUpperCase()),
      ...rows.map((row) => columns.map((column) => cell(row[column]))),
    ];
    const widths = columns.map((_, index) => Math.max(...cells.map((line) => line[index]?.length ?? 0)));
    const line = (texts: readonly string[]): string =>
      texts
        .map((text, index) => text.padEnd(widths[index] ?? 0))
        .join('   ')
        .trimEnd();
    this.write(cells.map((texts) => `${line(texts)}\n`).join(''));
  }
}

/** A value as a cell of a table. */
function cell(value: unknown): string {
  if (value === null || value === undefined) return '-';
  if (value instanceof Date) return value.toISOString().replace('.000Z', 'Z');
  if (Array.isArray(value)) return value.length === 0 ? '-' : value.map(String).join(',');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
