import { decodeEnvelope, type HeardEvent } from '@parlance/proto';
import { ShardedSubscriber } from '@parlance/runtime';
import type { GatewayMetrics } from '../../../metrics.js';

const lingerMs = 10_000;

/** A subscription that Redis has not confirmed by then counts as interrupted. */
const confirmationMs = 500;

/**
 * The gateway's ear on Redis: subscribes to the channels that somebody here needs, counted by need, and passes on every
 * event. A channel nobody needs any more stays for 10 s, since reconnecting clients come back.
 */
export class ChatPubSubService {
  private readonly needs = new Map<string, Need>();
  /** Needed channels that get no messages, and since when that is wrong, monotonic milliseconds. */
  private readonly silent = new Map<string, number>();

  private readonly handlers: ((event: HeardEvent) => void)[] = [];

  /** @param isOwn tells of channels whose messages are no events. */
  constructor(
    private readonly subscriber: ShardedSubscriber,
    private readonly metrics: Pick<GatewayMetrics, 'undecodableEvents'>,
    private readonly elapsedMs: () => number,
    isOwn: (channel: string) => boolean,
  ) {
    subscriber.onMessage((channel, payload) => {
      if (!isOwn(channel)) this.hear(payload);
    });
    subscriber.onSubscriptionChange(({ state, channels }) => {
      for (const channel of channels) {
        if (state === 'up') this.silent.delete(channel);
        else if (this.needs.has(channel)) this.silent.set(channel, this.elapsedMs());
      }
    });
  }

  /**
   * Counts one need for a channel; resolves when the server has confirmed the subscription, which takes until Redis is
   * there. Rejects when the channel is given up before.
   */
  acquire(channel: string): Promise<void> {
    const known = this.needs.get(channel);
    if (known) {
      known.count += 1;
      clearTimeout(known.lingering);
      return known.confirmed;
    }
    const confirmed = this.subscriber.subscribe(channel);
    this.silent.set(channel, this.elapsedMs() + confirmationMs);
    confirmed.then(
      () => this.silent.delete(channel),
      () => {}, // Whoever waits sees it; nobody has to.
    );
    this.needs.set(channel, { count: 1, confirmed, lingering: undefined });
    return confirmed;
  }

  /** Takes one need back. */
  release(channel: string): void {
    const known = this.needs.get(channel);
    if (known === undefined) return;
    known.count -= 1;
    if (known.count > 0) return;
    known.lingering = setTimeout(() => {
      this.needs.delete(channel);
      this.silent.delete(channel);
      void this.subscriber.unsubscribe(channel);
    }, lingerMs).unref();
  }

  /** Adds a handler for every event of every channel. What is not an event is counted and dropped. */
  onEvent(handler: (event: HeardEvent) => void): void {
    this.handlers.push(handler);
  }

  /** True while a channel that is needed gets no messages, or has waited too long for its first confirmation. */
  get isInterrupted(): boolean {
    const now = this.elapsedMs();
    return [...this.silent.values()].some((since) => since <= now);
  }

  /** Adds a handler for channels that work again after an interruption: what was published meanwhile is missing. */
  onResubscribed(handler: (channels: ReadonlySet<string>) => void): void {
    this.subscriber.onSubscriptionChange(({ state, channels }) => {
      if (state === 'up') handler(new Set(channels));
    });
  }

  /** A health check. @throws Error while {@link isInterrupted}. */
  requireSubscribed(): void {
    if (!this.isInterrupted) return;
    const { wanted, confirmed } = this.subscriber.status();
    throw new Error(`${confirmed} of ${wanted} channels are subscribed`);
  }

  private hear(payload: Buffer): void {
    const event = decodeEnvelope(payload);
    if (event === undefined) return this.metrics.undecodableEvents.inc();
    for (const handler of this.handlers) handler(event);
  }
}

interface Need {
  count: number;
  readonly confirmed: Promise<void>;
  lingering: NodeJS.Timeout | undefined;
}
