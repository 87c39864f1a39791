/**
 * The clock of pods and jobs in a run whose year passes in minutes: it goes on as time does, and jumps ahead on demand. Pods
 * that were loaded with the sabotage `server-clock-elsewhere` take it for MongoDB's too; one exists at a time.
 */
export class YearClock {
  private _offsetMs: number;

  /** `startMs`: what it shows first, Unix milliseconds. */
  constructor(startMs: number) {
    this._offsetMs = startMs - Date.now();
    Object.assign(globalThis, { parlanceServerClockOffsetMs: () => this._offsetMs });
  }

  /** Milliseconds that it differs from the machine's clock. */
  get offsetMs(): number {
    return this._offsetMs;
  }

  /** Unix milliseconds. */
  readonly now = (): number => Date.now() + this._offsetMs;

  /** Jumps to a time, Unix milliseconds; never back. */
  jumpTo(timeMs: number): void {
    this._offsetMs = Math.max(this._offsetMs, timeMs - Date.now());
  }
}
