/** For each who asks beyond the first, a read puts the next one off by so long, milliseconds. */
const perAskerMs = 5;

/** The longest time between the starts of two reads, milliseconds. */
const longestMs = 100;

/** After a read of several keys has failed, each is read for itself for so long, milliseconds. */
const apartMs = 5_000;

/**
 * Makes few reads of many keys out of many reads of few. Whoever asks joins the read that leaves next and never one that
 * has left, so an answer is of a moment after its question. A read leaves at the end of the turn of the event loop in which
 * its first key was asked for; where several ask at once, the next one waits a while, the longer the more they were.
 *
 * What fails for some keys must not fail for all the others as long as it lasts: after a failure keys are read apart.
 */
export class GatheredReads<Value> {
  private next: Gathering<Value> | undefined;
  private notBeforeMs = Number.NEGATIVE_INFINITY;
  private apartUntilMs = Number.NEGATIVE_INFINITY;

  /**
   * @param read reads keys in so many milliseconds at most; a key without an entry has no value.
   * @param mostKeys with so many a read leaves at once.
   */
  constructor(
    private readonly read: (keys: readonly string[], timeMs: number) => Promise<ReadonlyMap<string, Value>>,
    private readonly clock: GatheringClock,
    private readonly mostKeys = 200,
  ) {}

  /** The value of one key. @throws (rejects) as `read` does. */
  async one(key: string, timeMs = 0): Promise<Value | undefined> {
    return (await this.all([key], timeMs)).get(key);
  }

  /** The values of some keys, perhaps with those of others. The read has the longest of the times that are given for it. */
  all(keys: readonly string[], timeMs = 0): Promise<ReadonlyMap<string, Value>> {
    const now = this.clock.elapsedMs();
    if (now < this.apartUntilMs) return this.read(keys, timeMs);
    const next = (this.next ??= this.begin(now));
    next.askers += 1;
    next.timeMs = Math.max(next.timeMs, timeMs);
    for (const key of keys) next.keys.add(key);
    if (next.keys.size >= this.mostKeys) this.leave(next);
    return next.result.promise;
  }

  private begin(now: number): Gathering<Value> {
    const next = { keys: new Set<string>(), askers: 0, timeMs: 0, result: Promise.withResolvers<Found<Value>>() };
    this.clock.after(Math.max(0, this.notBeforeMs - now), () => this.leave(next));
    return next;
  }

  private leave(gathered: Gathering<Value>): void {
    if (this.next !== gathered) return;
    this.next = undefined;
    const { keys, askers, timeMs, result } = gathered;
    this.notBeforeMs = this.clock.elapsedMs() + Math.min(longestMs, (askers - 1) * perAskerMs);
    this.read([...keys], timeMs).then(result.resolve, (error: unknown) => {
      if (askers > 1) this.apartUntilMs = this.clock.elapsedMs() + apartMs;
      result.reject(error);
    });
  }
}

/** What reads are gathered by. */
export interface GatheringClock {
  /** Monotonic milliseconds. */
  elapsedMs(): number;
  /** Calls back once; after 0 ms it is at the end of the turn of the event loop. */
  after(ms: number, ring: () => void): void;
}

interface Gathering<Value> {
  readonly keys: Set<string>;
  askers: number;
  timeMs: number;
  readonly result: PromiseWithResolvers<Found<Value>>;
}

type Found<Value> = ReadonlyMap<string, Value>;
