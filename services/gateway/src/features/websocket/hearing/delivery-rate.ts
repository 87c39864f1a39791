/** How long what was delivered counts for, milliseconds: for one to two of these. */
const windowMs = 60_000;

/** Of fewer messages nothing can be said. */
const fewestMessages = 20;

const leastShare = 0.9;

/**
 * The share of messages that reached the sockets here by their events, in the last one to two minutes; the others had to be pulled.
 * It falls when events are lost that nothing else tells of.
 */
export class DeliveryRate {
  private before: DeliveredMessages = { heard: 0, repaired: 0 };
  private begun: DeliveredMessages = { heard: 0, repaired: 0 };
  private begunAt: number;

  /** @param delivered tells how many there were since the start. */
  constructor(
    private readonly delivered: () => DeliveredMessages,
    private readonly elapsedMs: () => number,
  ) {
    this.begunAt = elapsedMs();
  }

  /** @throws Error when fewer than nine of ten came by their events. Is to be called at least once a minute. */
  requireEvents(): void {
    const now = this.delivered();
    if (this.elapsedMs() - this.begunAt >= windowMs) {
      this.before = this.begun;
      this.begun = { ...now };
      this.begunAt = this.elapsedMs();
    }
    const heard = now.heard - this.before.heard;
    const all = heard + now.repaired - this.before.repaired;
    if (all >= fewestMessages && heard < all * leastShare)
      throw new Error(`${all - heard} of ${all} messages came by a pull, not by their event`);
  }
}

/** Messages that reached sockets, by how they came. */
export interface DeliveredMessages {
  readonly heard: number;
  readonly repaired: number;
}
