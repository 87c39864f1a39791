import { userChannelPrefix } from '@parlance/proto';
import { everyBeat, type ShardedSubscriber } from '@parlance/runtime';

const everyMs = 5_000;

/** Nothing is heard of three times what was published. */
const silentMs = 15_000;

/**
 * Publishes a word to itself every five seconds: a connection that answers pings, and confirmed its subscriptions once, may hear
 * nothing all the same. One channel at one node is tried; whether each connection is alive is the subscriber's to know.
 */
export class Loopback {
  private readonly channel: string;
  private heardAt: number;
  private stopBeat: (() => void) | undefined;

  /**
   * @param publish publishes a text on a channel.
   * @param id of this gateway, which nobody else has.
   */
  constructor(
    private readonly subscriber: Pick<ShardedSubscriber, 'subscribe' | 'onMessage'>,
    private readonly publish: (channel: string, text: string) => Promise<unknown>,
    private readonly elapsedMs: () => number,
    id: string,
  ) {
    this.channel = `${userChannelPrefix}{gateway-${id}}`;
    this.heardAt = elapsedMs();
  }

  start(): void {
    this.heardAt = this.elapsedMs();
    this.subscriber.onMessage((channel) => {
      if (this.owns(channel)) this.heardAt = this.elapsedMs();
    });
    // Ends with the subscriber, before it was ever confirmed.
    this.subscriber.subscribe(this.channel).catch(() => {});
    this.stopBeat = everyBeat(everyMs, () => this.say());
    this.say();
  }

  stop(): void {
    this.stopBeat?.();
  }

  /** Whether what comes on a channel is its own word, which is for nobody else. */
  owns(channel: string): boolean {
    return channel === this.channel;
  }

  /** Milliseconds since it was heard the last time, or since the start. */
  get silentForMs(): number {
    return this.elapsedMs() - this.heardAt;
  }

  /** @throws Error when it was not heard for too long. */
  requireHeard(): void {
    const { silentForMs } = this;
    if (silentForMs > silentMs)
      throw new Error(`what this gateway published was not heard for ${Math.round(silentForMs / 1_000)} s`);
  }

  private say(): void {
    // Redis is away: others tell of that.
    this.publish(this.channel, 'heard').catch(() => {});
  }
}
