import type { SlotMap } from '../cluster/slot-map.js';
import { slotOf } from '../cluster/slot-of.js';

/**
 * Keeps which channels are wanted and where each is subscribed. Pure bookkeeping: no connections, no time.
 * A channel is `waiting`, `sent` to a node and not answered, or `confirmed` by it. It remembers whether it was ever
 * confirmed, because a second confirmation means that messages may have been missed in between.
 */
export class SubscriptionBook {
  private readonly byChannel = new Map<string, Subscription>();

  get size(): number {
    return this.byChannel.size;
  }

  /** How many channels are confirmed now. */
  get confirmedCount(): number {
    let count = 0;
    for (const { state } of this.byChannel.values()) if (state.kind === 'confirmed') count += 1;
    return count;
  }

  /** How many channels were confirmed once and are not now. */
  get interruptedCount(): number {
    let count = 0;
    for (const { interrupted } of this.byChannel.values()) if (interrupted) count += 1;
    return count;
  }

  /** Adds a channel or finds it; its promise settles with the first confirmation or when the channel is dropped. */
  want(channel: string): Subscription {
    const known = this.byChannel.get(channel);
    if (known) return known;
    const added: Subscription = {
      channel,
      slot: slotOf(channel),
      state: { kind: 'waiting' },
      interrupted: false,
      first: Promise.withResolvers<void>(),
    };
    // Whoever asked holds the promise too; without this a drop that nobody waits for would count as unhandled.
    added.first.promise.catch(() => {});
    this.byChannel.set(channel, added);
    return added;
  }

  /** Forgets a channel and returns it; rejects its promise if it was never confirmed. */
  drop(channel: string): Subscription | undefined {
    const known = this.byChannel.get(channel);
    this.byChannel.delete(channel);
    known?.first.reject(new Error(`subscription to ${channel} was given up`));
    return known;
  }

  /** Forgets everything. */
  dropAll(): void {
    for (const channel of this.byChannel.keys()) this.drop(channel);
  }

  /** Waiting channels by the node that owns them; undefined holds those whose slot nobody serves. */
  waitingByOwner(map: SlotMap): ReadonlyMap<string | undefined, readonly Subscription[]> {
    const waiting = [...this.byChannel.values()].filter(({ state }) => state.kind === 'waiting');
    return Map.groupBy(waiting, ({ slot }) => map.ownerOf(slot));
  }

  /** Nodes that a channel is at, or that own a wanted channel. */
  nodesInUse(map: SlotMap | undefined): ReadonlySet<string> {
    const nodes = new Set<string>();
    for (const { slot, state } of this.byChannel.values()) {
      const owner = map?.ownerOf(slot);
      if (owner !== undefined) nodes.add(owner);
      if (state.kind !== 'waiting') nodes.add(state.place.node);
    }
    return nodes;
  }

  confirmedAt(place: Place): readonly Subscription[] {
    return [...this.byChannel.values()].filter(({ state }) => state.kind === 'confirmed' && state.place === place);
  }

  /** Marks channels as sent. */
  send(subscriptions: readonly Subscription[], place: Place): void {
    for (const subscription of subscriptions) subscription.state = { kind: 'sent', place };
  }

  /** Notes a confirmation; returns whether it ends an interruption. Nothing happens to a channel that was dropped or sent elsewhere meanwhile. */
  confirm(subscription: Subscription, place: Place): boolean {
    const { state } = subscription;
    if (!this.holds(subscription) || state.kind !== 'sent' || state.place !== place) return false;
    subscription.state = { kind: 'confirmed', place };
    const ended = subscription.interrupted;
    subscription.interrupted = false;
    subscription.first.resolve();
    return ended;
  }

  /** Makes the given channels wait again if they are at `place`; returns those that had been confirmed there. */
  release(subscriptions: Iterable<Subscription>, place: Place): readonly string[] {
    const interrupted: string[] = [];
    for (const subscription of subscriptions) {
      const { state } = subscription;
      if (!this.holds(subscription) || state.kind === 'waiting' || state.place !== place) continue;
      if (state.kind === 'confirmed') {
        subscription.interrupted = true;
        interrupted.push(subscription.channel);
      }
      subscription.state = { kind: 'waiting' };
    }
    return interrupted;
  }

  /** The same for all channels at `place`. */
  releaseAll(place: Place): readonly string[] {
    return this.release(this.byChannel.values(), place);
  }

  /** The same for all channels that `map` gives to another node than the one they are at, by the place they were at. */
  releaseMoved(map: SlotMap): ReadonlyMap<Place, readonly string[]> {
    const byPlace = new Map<Place, Subscription[]>();
    for (const subscription of this.byChannel.values()) {
      const { state, slot } = subscription;
      if (state.kind === 'waiting' || map.ownerOf(slot) === state.place.node) continue;
      byPlace.set(state.place, [...(byPlace.get(state.place) ?? []), subscription]);
    }
    return new Map([...byPlace].map(([place, subscriptions]) => [place, this.release(subscriptions, place)]));
  }

  private holds(subscription: Subscription): boolean {
    return this.byChannel.get(subscription.channel) === subscription;
  }
}

/** One wanted channel. */
export interface Subscription {
  readonly channel: string;
  readonly slot: number;
  state: SubscriptionState;
  /** It was confirmed once and is not now. */
  interrupted: boolean;
  readonly first: PromiseWithResolvers<void>;
}

/** Where a channel is. */
export type SubscriptionState =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'sent'; readonly place: Place }
  | { readonly kind: 'confirmed'; readonly place: Place };

/** One connection to one node; compared by identity, since a new connection to the same node knows nothing of the old. */
export interface Place {
  readonly node: string;
}
