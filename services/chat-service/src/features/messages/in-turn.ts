/** Does things one after the other that go by the same key, in the order in which they were asked for. */
export class InTurn {
  private readonly last = new Map<string, Promise<void>>();

  /** Begins when all that came before under this key have ended, well or not; resolves and rejects as `work` does. */
  take(key: string, work: () => Promise<void>): Promise<void> {
    const mine = (this.last.get(key) ?? Promise.resolve()).then(work);
    const ended = mine
      .catch(() => undefined)
      .then(() => {
        if (this.last.get(key) === ended) this.last.delete(key);
      });
    this.last.set(key, ended);
    return mine;
  }

  /** Keys under which something is under way. */
  get size(): number {
    return this.last.size;
  }
}
