import { backoffMs } from '../../waiting/backoff-ms.js';
import { addressKey, type SlotMap } from '../cluster/slot-map.js';
import type { RedisAddress, RedisOptions } from '../connection/redis-options.js';
import { SubscriberConnection } from './subscriber-connection.js';
import type { Place } from './subscription-book.js';

/** The subscriber's connections, one per node, opened with a growing pause after failures. */
export class ConnectionPool {
  private readonly connections = new Map<string, SubscriberConnection>();
  private readonly failures = new Map<string, Failure>();
  private readonly asking = new Set<SubscriberConnection>();
  private nextSeed = 0;

  constructor(
    private readonly options: RedisOptions,
    private readonly events: PoolEvents,
    private readonly elapsedMs: () => number,
  ) {}

  /** The connection to a node, opened if need be; undefined while it pauses after a failure. */
  open(address: RedisAddress): SubscriberConnection | undefined {
    const node = addressKey(address);
    const known = this.connections.get(node);
    if (known) return known;
    if ((this.failures.get(node)?.retryAt ?? 0) > this.elapsedMs()) return undefined;
    const connection: SubscriberConnection = new SubscriberConnection(address, this.options, {
      pingEveryMs: this.events.pingEveryMs,
      onMessage: this.events.onMessage,
      onMoved: () => this.events.onMoved(connection),
      onLost: (reason) => {
        this.connections.delete(node);
        this.noteFailure(node);
        this.events.onLost(connection, reason);
      },
    });
    this.connections.set(node, connection);
    connection.connected.then(
      () => this.failures.delete(node),
      () => {},
    );
    return connection;
  }

  /** Ends a channel at the connection it is at; does nothing when that connection is gone, and so is the subscription. */
  async unsubscribe(place: Place, channel: string): Promise<void> {
    const connection = this.connections.get(place.node);
    if (connection === place) await connection.unsubscribe(channel).catch(() => {});
  }

  /**
   * Asks all connected nodes for their map of the cluster, and with `widen` one more of the known nodes and start
   * addresses each time, since the connected ones may be those that are cut off.
   */
  askForMap(widen: boolean, map: SlotMap | undefined, offer: (offered: SlotMap) => void): void {
    if (widen) {
      const seeds = [...(map?.nodes.values() ?? []), ...this.options.nodes];
      const seed = seeds[this.nextSeed++ % seeds.length];
      if (seed) this.open(seed);
    }
    for (const connection of this.connections.values()) {
      if (this.asking.has(connection)) continue;
      this.asking.add(connection);
      // The connection reports its own loss; a node that refuses to answer is asked again.
      const answer = connection.connected.then(() => connection.slotMap()).catch(() => undefined);
      void answer.then((offered) => {
        this.asking.delete(connection);
        if (offered) offer(offered);
      });
    }
  }

  closeExcept(nodes: ReadonlySet<string>): void {
    for (const [node, connection] of this.connections) {
      if (nodes.has(node)) continue;
      this.connections.delete(node);
      connection.close();
    }
  }

  closeAll(): void {
    this.closeExcept(new Set());
  }

  private noteFailure(node: string): void {
    const count = (this.failures.get(node)?.count ?? 0) + 1;
    this.failures.set(node, { count, retryAt: this.elapsedMs() + backoffMs(count, { firstMs: 50, capMs: 2_000 }) });
  }
}

/** What the pool tells the subscriber. */
export interface PoolEvents {
  readonly pingEveryMs: number;
  onMessage(channel: string, payload: Buffer): void;
  onMoved(connection: SubscriberConnection): void;
  onLost(connection: SubscriberConnection, reason: string): void;
}

interface Failure {
  readonly count: number;
  readonly retryAt: number;
}
