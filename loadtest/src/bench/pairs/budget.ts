/** The time that some part of a run may take. It ends nothing by itself: who has it asks before the next step. */
export class Budget {
  private readonly beganMs: number;

  /** `now` is milliseconds of a clock that only goes forward. */
  constructor(
    private readonly wholeMs: number,
    private readonly now: () => number,
  ) {
    this.beganMs = now();
  }

  /** Milliseconds; 0 when it is used up. */
  get leftMs(): number {
    return Math.max(0, this.wholeMs - this.spentMs);
  }

  /** Milliseconds since it was made, also those beyond it. */
  get spentMs(): number {
    return this.now() - this.beganMs;
  }

  /** Of what is left now, one of so many equal parts: for the first of several that follow each other. */
  part(parts: number): Budget {
    return new Budget(this.leftMs / parts, this.now);
  }
}
