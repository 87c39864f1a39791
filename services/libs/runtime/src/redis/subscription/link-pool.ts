import { backoffMs } from '../../waiting/backoff-ms.js';
import { addressKey, type SlotMap } from '../cluster/slot-map.js';
import type { RedisAddress, RedisOptions } from '../connection/redis-options.js';
import { SubscriberLink } from './subscriber-link.js';
import type { Place } from './subscription-book.js';

/** The subscriber's connections, one per node, opened with a growing pause after failures. */
export class LinkPool {
  private readonly links = new Map<string, SubscriberLink>();
  private readonly failures = new Map<string, Failure>();
  private readonly asking = new Set<SubscriberLink>();
  private nextSeed = 0;

  constructor(
    private readonly options: RedisOptions,
    private readonly events: PoolEvents,
  ) {}

  /** The connection to a node, opened if need be; undefined while it pauses after a failure. */
  open(address: RedisAddress): SubscriberLink | undefined {
    const node = addressKey(address);
    const known = this.links.get(node);
    if (known) return known;
    if ((this.failures.get(node)?.retryAt ?? 0) > performance.now()) return undefined;
    const link: SubscriberLink = new SubscriberLink(address, this.options, {
      pingEveryMs: this.events.pingEveryMs,
      onMessage: this.events.onMessage,
      onMoved: () => this.events.onMoved(link),
      onLost: (reason) => {
        this.links.delete(node);
        this.noteFailure(node);
        this.events.onLost(link, reason);
      },
    });
    this.links.set(node, link);
    link.connected.then(
      () => this.failures.delete(node),
      () => {},
    );
    return link;
  }

  /** Ends a channel at the connection it is at; does nothing when that connection is gone, and so is the subscription. */
  async unsubscribe(place: Place, channel: string): Promise<void> {
    const link = this.links.get(place.node);
    if (link === place) await link.unsubscribe(channel).catch(() => {});
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
    for (const link of this.links.values()) {
      if (this.asking.has(link)) continue;
      this.asking.add(link);
      // The link reports its own loss; a node that refuses to answer is asked again.
      const answer = link.connected.then(() => link.slotMap()).catch(() => undefined);
      void answer.then((offered) => {
        this.asking.delete(link);
        if (offered) offer(offered);
      });
    }
  }

  closeExcept(nodes: ReadonlySet<string>): void {
    for (const [node, link] of this.links) {
      if (nodes.has(node)) continue;
      this.links.delete(node);
      link.close();
    }
  }

  closeAll(): void {
    this.closeExcept(new Set());
  }

  private noteFailure(node: string): void {
    const count = (this.failures.get(node)?.count ?? 0) + 1;
    this.failures.set(node, { count, retryAt: performance.now() + backoffMs(count, { firstMs: 50, capMs: 2_000 }) });
  }
}

/** What the pool tells the subscriber. */
export interface PoolEvents {
  readonly pingEveryMs: number;
  onMessage(channel: string, payload: string): void;
  onMoved(link: SubscriberLink): void;
  onLost(link: SubscriberLink, reason: string): void;
}

interface Failure {
  readonly count: number;
  readonly retryAt: number;
}
