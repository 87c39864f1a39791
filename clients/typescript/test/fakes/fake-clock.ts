import type { Clock } from '../../src/time/clock.js';

/** Time that passes only when told to. */
export class FakeClock implements Clock {
  private time = 1_750_000_000_000;
  private readonly timers = new Set<{ readonly at: number; readonly callback: () => void }>();

  now(): number {
    return this.time;
  }

  after(delayMs: number, callback: () => void): () => void {
    const timer = { at: this.time + Math.max(0, delayMs), callback };
    this.timers.add(timer);
    return () => void this.timers.delete(timer);
  }

  /** Timers that wait. */
  get waiting(): number {
    return this.timers.size;
  }

  /** Lets time pass, calling back what falls due in order; promises settle before and after every callback. */
  async pass(ms: number): Promise<void> {
    const end = this.time + ms;
    await settled();
    for (let next = this.next(end); next; next = this.next(end)) {
      this.timers.delete(next);
      this.time = Math.max(this.time, next.at);
      next.callback();
      await settled();
    }
    this.time = end;
  }

  /** The machine sleeps: time passes, and what fell due meanwhile is called back late, all at the end. */
  async sleep(ms: number): Promise<void> {
    this.time += ms;
    await this.pass(0);
  }

  private next(end: number) {
    const due = [...this.timers].filter(({ at }) => at <= end);
    return due.toSorted((left, right) => left.at - right.at)[0];
  }
}

/** Resolves when promises that are settled now, and those that follow from them, have been heard. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await Promise.resolve();
}
