import type { Clock } from '../time/clock.js';
import type { OutboxEntry } from './outbox-entry.js';
import { isSuspect } from './outbox-policy.js';

/** A connection that ends by itself mostly does so earlier. */
const provenAfterMs = 3_000;

/**
 * Which messages may be under way together. One under which connections keep ending goes alone, over a connection that has
 * held for {@link provenAfterMs}: so it takes no others with it, and what happens next is its own doing.
 */
export class SendGate {
  private readonly underWay = new Set<OutboxEntry>();
  /** A suspect whose turn it is as soon as nothing is under way any more. */
  private next: OutboxEntry | undefined;
  private provenAt = 0;
  private cancelTimer: (() => void) | undefined;

  /** @param opened called when messages that had to wait may leave. */
  constructor(
    private readonly clock: Clock,
    private readonly opened: () => void,
  ) {}

  /** Whether an attempt may begin; if not, `opened` tells when to ask again. */
  mayLeave(entry: OutboxEntry): boolean {
    // It may have been found in the log meanwhile, or given up: then it is nobody's turn.
    if (this.next && this.next.state !== 'queued') this.next = undefined;
    if (!isSuspect(entry)) return this.next === undefined && ![...this.underWay].some(isSuspect);
    const leftMs = this.provenAt - this.clock.now();
    if (leftMs > 0) this.openAfter(leftMs);
    if (leftMs > 0 || (this.next !== undefined && this.next !== entry)) return false;
    if (this.underWay.size > 0) this.next = entry;
    return this.underWay.size === 0;
  }

  /** Does one attempt. */
  async pass<Result>(entry: OutboxEntry, attempt: () => Promise<Result>): Promise<Result> {
    if (this.next === entry) this.next = undefined;
    this.underWay.add(entry);
    try {
      return await attempt();
    } finally {
      this.underWay.delete(entry);
      if (this.next || isSuspect(entry)) queueMicrotask(this.opened);
    }
  }

  /** A new connection stands, which has proven nothing yet. */
  renew(): void {
    this.stop();
    this.provenAt = this.clock.now() + provenAfterMs;
  }

  /** The connection is gone, and with it everybody's turn. */
  stop(): void {
    this.cancelTimer?.();
    this.cancelTimer = undefined;
    this.next = undefined;
  }

  private openAfter(ms: number): void {
    this.cancelTimer ??= this.clock.after(ms, () => {
      this.cancelTimer = undefined;
      this.opened();
    });
  }
}
