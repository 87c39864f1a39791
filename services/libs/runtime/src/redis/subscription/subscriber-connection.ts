import { Redis } from 'ioredis';
import { everyBeat } from '../../waiting/every-beat.js';
import { addressKey, readSlotMap, type SlotMap } from '../cluster/slot-map.js';
import { AddressWatch } from '../connection/address-watch.js';
import { connectionSettings } from '../connection/connection-settings.js';
import type { RedisAddress, RedisOptions } from '../connection/redis-options.js';
import { askIdentity, onlyReplica } from '../connection/server-identity.js';
import type { Place } from './subscription-book.js';

/**
 * One connection to one node for subscriptions. It lives once: when it is lost, by an error, a wrong answer or silence,
 * `onLost` is called exactly once and the owner makes a new one. A ping every `pingEveryMs` keeps silence from hiding a
 * hung node; the connection is dropped when an answer takes longer than `silenceTimeoutMs`. A single server must be a
 * primary and the one that its address leads to ({@link AddressWatch}).
 */
export class SubscriberConnection implements Place {
  /** `host:port` of the node. */
  readonly node: string;
  private readonly redis: Redis;
  private stopPinging: (() => void) | undefined;
  private watch: AddressWatch | undefined;
  private reason = 'connection closed';
  private lost = false;
  /** Resolves when the node takes commands and is one to be asked; rejects when not. */
  readonly connected: Promise<void>;

  constructor(
    private readonly address: RedisAddress,
    private readonly options: RedisOptions,
    private readonly events: ConnectionEvents,
  ) {
    this.node = addressKey(address);
    this.redis = new Redis({
      ...connectionSettings(options),
      ...address,
      // A late answer shows as silence; one timer for the connection is enough.
      commandTimeout: undefined,
      lazyConnect: true,
      enableReadyCheck: false,
      enableOfflineQueue: false,
      retryStrategy: () => null,
    });
    this.redis.on('error', (error: Error) => this.fail(error.message));
    this.redis.on('end', () => this.end());
    // After what is in hand has settled, so that the owner compares with what it knows.
    this.redis.on('moved', () => setImmediate(() => this.lost || events.onMoved()));
    this.redis.on('smessageBuffer', (channel: Buffer, payload: Buffer) => {
      // A connection given up may still receive what a hung node had in hand.
      if (!this.lost) events.onMessage(channel.toString(), payload);
    });
    this.connected = this.redis.connect().then(() => this.requirePrimary());
    this.connected.then(
      () => this.start(events.pingEveryMs),
      (error: Error) => this.fail(error.message),
    );
  }

  /** Resolves after the server confirmed. Rejects with the server's error, for example `MOVED`. */
  async subscribe(channel: string): Promise<void> {
    await this.redis.ssubscribe(channel);
  }

  /** Resolves after the server confirmed. */
  async unsubscribe(channel: string): Promise<void> {
    await this.redis.sunsubscribe(channel);
  }

  /** What the server has confirmed and not ended since. ioredis keeps this; its events do not name the channels. */
  held(): ReadonlySet<string> {
    const subscriptions = this.redis.condition?.subscriber;
    return new Set(subscriptions ? subscriptions.channels('ssubscribe') : []);
  }

  /** The cluster as this node sees it; undefined when it sees none that works. */
  async slotMap(): Promise<SlotMap | undefined> {
    const [info, slots] = await Promise.all([this.redis.cluster('INFO'), this.redis.cluster('SLOTS')]);
    return readSlotMap(slots, info, this.address);
  }

  /** Ends the connection without `onLost`. */
  close(): void {
    this.lost = true;
    this.stop();
    this.redis.disconnect();
  }

  /** Nodes of a cluster say by its map whether they are to be asked. */
  private async requirePrimary(): Promise<void> {
    if (this.options.mode === 'single' && (await askIdentity(this.redis))?.isReplica === true)
      throw new Error(onlyReplica);
  }

  private start(pingEveryMs: number): void {
    if (this.lost) return;
    this.startPinging(pingEveryMs);
    if (this.options.mode === 'single')
      this.watch = new AddressWatch(this.address, this.options, this.redis, (reason) => this.fail(reason));
  }

  private stop(): void {
    this.stopPinging?.();
    this.watch?.stop();
  }

  private startPinging(everyMs: number): void {
    let sent = 0;
    this.stopPinging = everyBeat(everyMs, () => {
      sent += 1;
      const text = String(sent);
      this.redis.ping(text).then(
        // An answer to another command means that replies and commands no longer match.
        (answer) => answer === text || this.fail(`ping ${text} was answered with something else`),
        (error: Error) => this.fail(error.message),
      );
    });
  }

  private fail(reason: string): void {
    if (this.lost) return;
    this.reason = reason;
    this.end();
    this.redis.disconnect();
  }

  private end(): void {
    if (this.lost) return;
    this.lost = true;
    this.stop();
    this.events.onLost(this.reason);
  }
}

/** What a connection tells its owner. */
export interface ConnectionEvents {
  readonly pingEveryMs: number;
  onMessage(channel: string, payload: Buffer): void;
  /** The server may have ended subscriptions of slots that it gave away: compare with `held`. */
  onMoved(): void;
  onLost(reason: string): void;
}
