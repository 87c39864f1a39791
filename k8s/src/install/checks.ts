/** What is claimed of an installation, one claim after the other: each is said in a row of its own, and counted. */
export class Checks {
  private _counts: Counts = { passed: 0, failed: 0, skipped: 0 };

  constructor(private readonly say: (line: string) => void) {}

  /** So far. */
  get counts(): Counts {
    return this._counts;
  }

  /** A claim that what comes later stands on: rejects with what `look` rejects with. Text that it answers is shown. */
  async step<Value>(what: string, look: () => Promise<Value>): Promise<Value> {
    try {
      const seen = await look();
      this.count('passed');
      this.say(`ok    ${what}${typeof seen === 'string' ? `: ${seen}` : ''}`);
      return seen;
    } catch (thrown) {
      this.count('failed');
      this.say(`FAIL  ${what}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
      throw new CheckFailed(what, { cause: thrown });
    }
  }

  /** A claim by itself: whatever becomes of it, the next one is looked at. Answers whether it holds. */
  async claim(what: string, look: () => Promise<unknown>): Promise<boolean> {
    return await this.step(what, look).then(
      () => true,
      (thrown: unknown) => {
        if (thrown instanceof CheckFailed) return false;
        throw thrown;
      },
    );
  }

  /** A claim that cannot be looked at here. */
  skip(what: string, why: string): void {
    this.count('skipped');
    this.say(`SKIP  ${what}: ${why}`);
  }

  private count(end: keyof Counts): void {
    this._counts = { ...this._counts, [end]: this._counts[end] + 1 };
  }
}

/** How many claims held, did not, and were not looked at. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** A claim did not hold. It has been said and counted already. */
export class CheckFailed extends Error {}
