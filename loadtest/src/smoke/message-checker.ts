/**
 * Watches the live messages of one room on one connection. The gateway promises them in the order of their ids, each once,
 * from the head that `ready` named; `heads` is the one exception: it announces messages in place of sending them.
 */
export class MessageChecker {
  private readonly delivered = new Set<number>();
  private readonly announced = new Set<number>();
  private _highest: number;
  private duplicates = 0;
  private reordered = 0;

  /** @param base the room's head in `ready`; 0 in an empty room. */
  constructor(private readonly base: number) {
    this._highest = base;
  }

  /** The newest id that was delivered or announced. */
  get highest(): number {
    return this._highest;
  }

  /** A `newMessage` has come. */
  deliver(messageId: number): void {
    if (messageId <= this.base || this.delivered.has(messageId)) {
      this.duplicates++;
      return;
    }
    if (messageId < this._highest || this.announced.has(messageId)) this.reordered++;
    this.delivered.add(messageId);
    this._highest = Math.max(this._highest, messageId);
  }

  /** `heads` has come: what is new up to `head` has to be fetched and is no gap. */
  announce(head: number): void {
    for (let id = this._highest + 1; id <= head; id++) this.announced.add(id);
    this._highest = Math.max(this._highest, head);
  }

  /** What was wrong, once nothing more is expected and the room stands at `head`. */
  verdict(head: number): Verdict {
    const gaps: number[] = [];
    for (let id = this.base + 1; id <= head; id++) {
      if (!this.delivered.has(id) && !this.announced.has(id)) gaps.push(id);
    }
    return { delivered: this.delivered.size, gaps, duplicates: this.duplicates, reordered: this.reordered };
  }
}

/** See {@link MessageChecker}. */
export interface Verdict {
  /** Different messages that came live. */
  readonly delivered: number;
  /** Ids above the base that were neither delivered nor announced. */
  readonly gaps: readonly number[];
  /** Messages that came again, or that `ready` had counted already. */
  readonly duplicates: number;
  /** Messages that came after one with a higher id. */
  readonly reordered: number;
}
