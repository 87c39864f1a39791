import type { RedisLink } from '../connection/redis-link.js';
import type { ShardedSubscriber } from './sharded-subscriber.js';

/** The connections of a subscriber: they are up while all hear what they have heard before. */
export function subscriberLink(subscriber: Pick<ShardedSubscriber, 'status' | 'onSubscriptionChange'>): RedisLink {
  return {
    isUp: () => {
      const { confirmed, interrupted } = subscriber.status();
      return confirmed > 0 && interrupted === 0;
    },
    onBack: (listener) =>
      subscriber.onSubscriptionChange(({ state }) => {
        if (state === 'up') listener();
      }),
  };
}
