/**
 * Lets at most `most` tasks run at a time; others wait for their turn in the order in which they came. Done all at once,
 * the work of a crowd ends for everybody at the same late moment, when nobody waits for it any more.
 */
export class ConcurrencyLimiter {
  /** Who waits, the one who came first in front. */
  private readonly queue = new Set<() => void>();
  private running = 0;

  /**
   * @param late makes the error of a task whose turn did not come in time.
   * @param now Unix milliseconds.
   */
  constructor(
    private readonly most: number,
    private readonly late: () => Error,
    private readonly now: () => number,
  ) {}

  /**
   * Runs a task in its turn; resolves or rejects as the task does.
   *
   * @throws (rejects) what `late` makes when its turn has not come at `deadlineAt`, Unix milliseconds.
   */
  async run<Value>(deadlineAt: number, task: () => Promise<Value>): Promise<Value> {
    const leave = await this.enter(deadlineAt);
    try {
      return await task();
    } finally {
      leave();
    }
  }

  /**
   * Waits for a turn, and resolves with what ends it. Ending it again changes nothing.
   *
   * @throws (rejects) as `run`.
   */
  async enter(deadlineAt: number): Promise<() => void> {
    await this.turn(deadlineAt);
    let isOver = false;
    return () => {
      if (!isOver) this.pass();
      isOver = true;
    };
  }

  private turn(deadlineAt: number): Promise<void> {
    if (this.running < this.most) {
      this.running += 1;
      return Promise.resolve();
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const giveUp = (): void => {
      this.queue.delete(begin);
      reject(this.late());
    };
    const timer = setTimeout(giveUp, deadlineAt - this.now());
    const begin = (): void => {
      clearTimeout(timer);
      resolve();
    };
    this.queue.add(begin);
    return promise;
  }

  /** Hands a turn that has ended to whoever has waited longest. */
  private pass(): void {
    const [begin] = this.queue;
    if (begin === undefined) {
      this.running -= 1;
      return;
    }
    this.queue.delete(begin);
    begin();
  }
}
