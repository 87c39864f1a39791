/**
 * Counts the most frequent of any number of keys in little memory: space-saving in the form of Misra and Gries, where what a key
 * has is never said too high and is too low by at most {@link error} (Agarwal et al., Mergeable Summaries, 2012,
 * https://doi.org/10.1145/2213556.2213562). With `n` counted in all the error is at most `n / (size + 1)`, so every key with
 * more than that is there.
 *
 * It makes room for `size` keys at once: counting costs one look and one write, and a sort for every `size` new keys.
 */
export class HeavyHitters {
  private readonly counts = new Map<string, number>();
  private _error = 0;
  private _total = 0;

  /** @param size Keys that are kept for sure; twice as many are held. */
  constructor(private readonly size: number) {}

  /** What a key may have more than is said; of one that is not there, what it may have. */
  get error(): number {
    return this._error;
  }

  /** All that was counted. */
  get total(): number {
    return this._total;
  }

  /** Counts a key so many times. */
  add(key: string, count: number): void {
    this._total += count;
    this.counts.set(key, (this.counts.get(key) ?? 0) + count);
    if (this.counts.size > 2 * this.size) this.shrink();
  }

  /** Counts all that another one has counted; the errors add up. */
  merge(other: HeavyHitters): void {
    for (const [key, count] of other.counts) this.counts.set(key, (this.counts.get(key) ?? 0) + count);
    this._total += other._total;
    this._error += other._error;
    if (this.counts.size > 2 * this.size) this.shrink();
  }

  /** The keys that have most, those first, and what each has at least. */
  top(limit: number): readonly (readonly [key: string, count: number])[] {
    return [...this.counts].toSorted(([, one], [, other]) => other - one).slice(0, limit);
  }

  /** Takes from every key what the first beyond `size` has: that many keys and one more lose so much, which bounds the error. */
  private shrink(): void {
    const least = [...this.counts.values()].toSorted((one, other) => other - one)[this.size] ?? 0;
    this._error += least;
    for (const [key, count] of this.counts) {
      if (count > least) this.counts.set(key, count - least);
      else this.counts.delete(key);
    }
  }
}
