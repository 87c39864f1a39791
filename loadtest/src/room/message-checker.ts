/**
 * Watches what one person gets of one room, over all connections. A gateway promises messages in the order of their ids, each once,
 * from the head that `ready` named; `heads` is the one exception: it announces messages in place of sending them. What
 * a connection did not bring because there was none is pulled after the next `ready`, up to its head.
 */
export class MessageChecker {
  private readonly delivered = new Set<number>();
  private readonly announced = new Set<number>();
  /** Of the current connection: above it messages come live. */
  private base: number;
  private pulledTo: number;
  private _highest: number;
  private duplicates = 0;
  private reordered = 0;

  /** @param start the room's head in the first `ready`; 0 in an empty room. */
  constructor(private readonly start: number) {
    this.base = start;
    this.pulledTo = start;
    this._highest = start;
  }

  /** The newest id that was delivered, announced or named by `ready`. */
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

  /** A later connection is ready: what is new up to `head` is pulled, and not announced. */
  returnTo(head: number): void {
    this.pulledTo = this._highest;
    this.base = head;
    this._highest = Math.max(this._highest, head);
  }

  /** A message came as the answer to a question for what was missed. False when it is one that comes live as well. */
  pull(messageId: number): boolean {
    if (messageId > this.base) return false;
    if (messageId <= this.start || this.delivered.has(messageId)) this.duplicates++;
    else if (messageId < this.pulledTo) this.reordered++;
    this.delivered.add(messageId);
    this.pulledTo = Math.max(this.pulledTo, messageId);
    return true;
  }

  /** What was wrong, once nothing more is expected and the room stands at `head`. */
  verdict(head: number): Verdict {
    const gaps: number[] = [];
    for (let id = this.start + 1; id <= head; id++) {
      if (!this.delivered.has(id) && !this.announced.has(id)) gaps.push(id);
    }
    return { delivered: this.delivered.size, gaps, duplicates: this.duplicates, reordered: this.reordered };
  }
}

/** See {@link MessageChecker}. */
export interface Verdict {
  /** Different messages that came, live or pulled. */
  readonly delivered: number;
  /** Ids above the start that were neither delivered nor announced. */
  readonly gaps: readonly number[];
  /** Messages that came again, or that `ready` had counted already. */
  readonly duplicates: number;
  /** Messages that came after one with a higher id. */
  readonly reordered: number;
}
