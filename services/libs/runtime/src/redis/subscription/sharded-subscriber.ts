import type { Logger } from 'pino';
import { atBeat } from '../../waiting/every-beat.js';
import { type SlotMap, singleSlotMap } from '../cluster/slot-map.js';
import type { RedisOptions } from '../connection/redis-options.js';
import { ConnectionPool, type PoolEvents } from './connection-pool.js';
import type { SubscriberConnection } from './subscriber-connection.js';
import { type Subscription, SubscriptionBook } from './subscription-book.js';

const SLOTS_MOVED = 'its slots moved';

/**
 * Subscribes to sharded pub/sub channels of one server or a cluster and keeps them subscribed: through lost
 * connections, hung nodes, failovers and slots that move. It holds its own connections, one to each node that owns a
 * wanted channel.
 *
 * What it cannot do is deliver what was published while a channel had no confirmed subscription;
 * `onSubscriptionChange` says for which channels that was so, and the application catches up from its own store.
 *
 * Not built on ioredis' own cluster subscriptions, which come back after a failover too, but do not say which channels
 * were interrupted, do not notice a hung node, and ignore a resubscription that a node refuses.
 */
export class ShardedSubscriber {
  private readonly book = new SubscriptionBook();
  private readonly pool: ConnectionPool;
  private readonly messageHandlers: MessageHandler[] = [];
  private readonly changeHandlers: SubscriptionChangeHandler[] = [];
  private map: SlotMap | undefined;
  private callOff: (() => void) | undefined;
  private kicked = false;
  private unsettledRounds = 0;
  /** Why no connection to a node came to a subscription, as it was logged last. */
  private readonly unreachable = new Map<string, string>();
  private closed = false;

  constructor(
    private readonly options: RedisOptions,
    private readonly logger: Pick<Logger, 'info' | 'warn'>,
    timing: SubscriberTiming,
  ) {
    const [first] = options.nodes;
    if (first === undefined) throw new Error('Redis needs at least one address');
    if (options.mode === 'single') this.map = singleSlotMap(first);
    const events: PoolEvents = {
      pingEveryMs: timing.pingEveryMs ?? 2_000,
      onMessage: (channel, payload) => {
        for (const handler of this.messageHandlers) handler(channel, payload);
      },
      onMoved: (connection) => this.releaseEnded(connection),
      onLost: (connection, reason) => {
        const interrupted = this.book.releaseAll(connection);
        this.announce('down', connection.node, interrupted, reason);
        if (interrupted.length === 0) this.logUnreachable(connection.node, reason);
        this.kick();
      },
    };
    this.pool = new ConnectionPool(options, events, timing.elapsedMs);
  }

  /**
   * Resolves when the server has confirmed the subscription, which takes until Redis is there; again for a channel that
   * is subscribed already. Subscriptions are not counted: one `unsubscribe` ends the channel.
   *
   * @throws Error (rejects) when the channel is unsubscribed, or the subscriber closed, before it was ever confirmed.
   */
  subscribe(channel: string): Promise<void> {
    if (this.closed) return Promise.reject(new Error('the subscriber is closed'));
    const { state, first } = this.book.want(channel);
    if (state.kind === 'waiting') this.kick();
    return first.promise;
  }

  /** Ends a channel; resolves when no more messages of it will come. Never rejects. */
  async unsubscribe(channel: string): Promise<void> {
    const dropped = this.book.drop(channel);
    if (dropped === undefined || dropped.state.kind === 'waiting') return;
    await this.pool.unsubscribe(dropped.state.place, channel);
  }

  /** Adds a handler for every message of every channel. A payload is the bytes that were published. */
  onMessage(handler: MessageHandler): void {
    this.messageHandlers.push(handler);
  }

  /** Adds a handler for interruptions and their end. It must not throw. */
  onSubscriptionChange(handler: SubscriptionChangeHandler): void {
    this.changeHandlers.push(handler);
  }

  /** How many channels are wanted, are confirmed now, and are interrupted. */
  status(): SubscriberStatus {
    const { size: wanted, confirmedCount: confirmed, interruptedCount: interrupted } = this.book;
    return { wanted, confirmed, interrupted };
  }

  /** Ends all subscriptions and connections; rejects what still waits for its first confirmation. */
  close(): void {
    this.closed = true;
    this.callOff?.();
    this.book.dropAll();
    this.pool.closeAll();
  }

  /** Runs `settle` soon: once for everything that happens in this turn of the event loop. */
  private kick(): void {
    if (this.kicked || this.closed) return;
    this.kicked = true;
    setImmediate(() => {
      this.kicked = false;
      this.settle();
    });
  }

  /** Brings connections and subscriptions one step closer to what is wanted, and comes back later. */
  private settle(): void {
    if (this.closed) return;
    this.callOff?.();
    if (this.book.size === 0) return this.pool.closeAll();
    if (this.map !== undefined) this.place(this.map);
    const settled = this.book.confirmedCount === this.book.size;
    this.unsettledRounds = settled ? 0 : this.unsettledRounds + 1;
    if (this.options.mode === 'cluster') this.pool.askForMap(!settled, this.map, (offered) => this.offer(offered));
    if (settled) this.pool.closeExcept(this.book.nodesInUse(this.map));
    this.callOff = atBeat(pauseMs(this.unsettledRounds), () => this.settle());
  }

  private place(map: SlotMap): void {
    for (const [{ node }, channels] of this.book.releaseMoved(map)) this.announce('down', node, channels, SLOTS_MOVED);
    for (const [node, waiting] of this.book.waitingByOwner(map)) {
      const address = node === undefined ? undefined : map.nodes.get(node);
      const connection = address && this.pool.open(address);
      if (connection) void this.subscribeAll(connection, waiting);
    }
  }

  private async subscribeAll(connection: SubscriberConnection, waiting: readonly Subscription[]): Promise<void> {
    this.book.send(waiting, connection);
    const outcomes = await Promise.allSettled(
      waiting.map((each) => connection.connected.then(() => connection.subscribe(each.channel))),
    );
    const held = connection.held();
    if (held.size > 0) this.unreachable.delete(connection.node);
    const back: string[] = [];
    const refused: Subscription[] = [];
    for (const [index, each] of waiting.entries()) {
      if (outcomes[index]?.status === 'rejected' || !held.has(each.channel)) refused.push(each);
      else if (this.book.confirm(each, connection)) back.push(each.channel);
    }
    this.book.release(refused, connection);
    this.announce('up', connection.node, back);
  }

  /** Makes those channels wait again that the node has ended because it gave their slots away. */
  private releaseEnded(connection: SubscriberConnection): void {
    const held = connection.held();
    const ended = this.book.confirmedAt(connection).filter(({ channel }) => !held.has(channel));
    // A refused subscription is reported too; it waits for its turn, or a cluster that disagrees would be asked in a tight loop.
    if (ended.length === 0) return;
    this.announce('down', connection.node, this.book.release(ended, connection), SLOTS_MOVED);
    this.kick();
  }

  /** A rebuilt cluster counts its epochs from the start, so without any subscription left every map is welcome. */
  private offer(offered: SlotMap): void {
    if (this.map !== undefined && offered.epoch < this.map.epoch && this.book.confirmedCount > 0) return;
    this.map = offered;
    if (!this.closed) this.place(offered);
  }

  /** Once for each reason in a row, not per attempt. */
  private logUnreachable(node: string, reason: string): void {
    if (this.unreachable.get(node) === reason) return;
    this.unreachable.set(node, reason);
    this.logger.warn({ node, reason }, 'Redis subscriptions cannot be made');
  }

  private announce(state: 'up' | 'down', node: string, channels: readonly string[], reason?: string): void {
    if (channels.length === 0) return;
    const change: SubscriptionChange = { state, node, channels, ...(reason === undefined ? {} : { reason }) };
    if (state === 'up') this.logger.info({ node, channels: channels.length }, 'Redis subscriptions are back');
    else this.logger.warn({ node, channels: channels.length, reason }, 'Redis subscriptions are interrupted');
    for (const handler of this.changeHandlers) handler(change);
  }
}

/** Receives one message. */
export type MessageHandler = (channel: string, payload: Buffer) => void;

/** Learns of interruptions. */
export type SubscriptionChangeHandler = (change: SubscriptionChange) => void;

/** `down`: these channels get no messages. `up`: they get them again, and what was published in between is missing. */
export interface SubscriptionChange {
  readonly state: 'up' | 'down';
  /** `host:port` of the node that they were at (`down`) or are at now (`up`). */
  readonly node: string;
  readonly channels: readonly string[];
  /** Why they went down. */
  readonly reason?: string;
}

/** Numbers for a health check or a gauge. */
export interface SubscriberStatus {
  readonly wanted: number;
  readonly confirmed: number;
  /** Were confirmed once and are not now. */
  readonly interrupted: number;
}

/** What a subscriber knows of time. */
export interface SubscriberTiming {
  /** Milliseconds since some moment, which only rise. */
  readonly elapsedMs: () => number;
  /** Milliseconds between pings of each connection. Default 2000. */
  readonly pingEveryMs?: number;
}

/** Eager at first and for the 10 s in which a failover normally happens, patient after that, slow when all is well. */
function pauseMs(unsettledRounds: number): number {
  if (unsettledRounds === 0) return 5_000;
  return unsettledRounds > 50 ? 1_000 : Math.min(200, 25 * 2 ** (unsettledRounds - 1));
}
