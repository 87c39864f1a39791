import { describeAmount, type Progress } from './progress.js';

/** Longest silence during a step. */
const REPEAT_MS = 2_000;

/** Outside a terminal, steps shorter than this leave no line. */
const NEW_STEP_MS = 400;

/** On a terminal, pause between two pictures of the changing line. */
const REDRAW_MS = 100;

/**
 * Shows progress to a person: on a terminal in one line that changes in place, elsewhere (a file, CI) as lines. A step that is
 * over at once is not shown there; the same step is shown again every two seconds with its time, so that nobody has to wonder.
 */
export class TerminalProgress implements Progress {
  private readonly repeat: NodeJS.Timeout;
  private current: { readonly text: string; readonly since: number; amount: string } | undefined;
  private pending: { readonly timer: NodeJS.Timeout; readonly due: number } | undefined;
  private shownAt = Number.NEGATIVE_INFINITY;
  private dirty = false;

  /** Writes to `out`; default: stdout. */
  constructor(private readonly out: ProgressOutput = process.stdout) {
    this.repeat = setInterval(() => this.showIfSilent(), REPEAT_MS / 4).unref();
  }

  step(text: string, amount: { readonly doneBytes?: number; readonly totalBytes?: number } = {}): void {
    const now = performance.now();
    const isNew = this.current?.text !== text;
    if (this.current === undefined || isNew) this.current = { text, since: now, amount: '' };
    this.current.amount = describeAmount(amount);
    if (this.out.isTTY) this.showBy(Math.max(now, this.shownAt + REDRAW_MS));
    else this.showBy(isNew ? now + NEW_STEP_MS : this.shownAt + REPEAT_MS);
  }

  done(text: string): void {
    this.forgetStep();
    this.out.write(`${text}\n`);
  }

  /** Removes the changing line and stops. */
  close(): void {
    clearInterval(this.repeat);
    this.forgetStep();
  }

  private forgetStep(): void {
    clearTimeout(this.pending?.timer);
    this.pending = undefined;
    this.current = undefined;
    this.clear();
  }

  /** Shows what is current at `due`, or earlier if that is planned already. */
  private showBy(due: number): void {
    if (this.pending !== undefined && this.pending.due <= due) return;
    clearTimeout(this.pending?.timer);
    const timer = setTimeout(() => this.show(), Math.max(0, due - performance.now())).unref();
    this.pending = { timer, due };
  }

  private showIfSilent(): void {
    if (this.current !== undefined && performance.now() - this.shownAt >= REPEAT_MS) this.show();
  }

  private show(): void {
    clearTimeout(this.pending?.timer);
    this.pending = undefined;
    if (this.current === undefined) return;
    const { text, since, amount } = this.current;
    const seconds = Math.floor((performance.now() - since) / 1000);
    const line = [text, amount, seconds > 0 ? `${seconds} s` : ''].filter((part) => part !== '').join('  ');
    this.shownAt = performance.now();
    if (!this.out.isTTY) return void this.out.write(`${line}\n`);
    this.clear();
    this.out.write(line.slice(0, (this.out.columns || 80) - 1));
    this.dirty = true;
  }

  private clear(): void {
    if (this.dirty) this.out.write('\r\u001b[2K');
    this.dirty = false;
  }
}

/** What of stdout is needed here. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}
