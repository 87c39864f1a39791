import type { LogClock } from './log-clock.js';

/** Callers who give up within this time of each other are answered together, milliseconds. */
const stepMs = 20;

/** Tells when the next of a room's callers gives up: one alarm is set at a time, and nobody is looked for before. */
export class DeadlineAlarm {
  /** What the alarm is set for. */
  private setFor = Number.POSITIVE_INFINITY;
  /** Nobody gives up before. */
  private nextAt = Number.POSITIVE_INFINITY;

  constructor(
    private readonly clock: LogClock,
    /** When the next caller gives up after a time; infinite when none will. All in Unix milliseconds. */
    private readonly nextAfter: (now: number) => number,
    private readonly ring: () => void,
  ) {}

  /** A caller gives up at this time. */
  watch(at: number): void {
    this.nextAt = Math.min(this.nextAt, at);
    this.set(at);
  }

  /** Somebody may have given up by now. */
  isDue(now: number): boolean {
    return now >= this.nextAt;
  }

  /** Whoever has given up is to be looked for at the next question. */
  unsettle(): void {
    this.nextAt = Number.NEGATIVE_INFINITY;
  }

  /** All who have given up by now were answered. */
  settled(now: number): void {
    this.nextAt = this.nextAfter(now);
  }

  private set(at: number): void {
    if (at >= this.setFor) return;
    this.setFor = at;
    this.clock.alarm(at, () => {
      if (this.setFor === at) this.setFor = Number.POSITIVE_INFINITY;
      this.ring();
      const now = this.clock.now();
      const next = this.nextAfter(now);
      if (next < Number.POSITIVE_INFINITY) this.set(Math.max(next, now + stepMs));
    });
  }
}
