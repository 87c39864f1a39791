import { everyUserChannel, roomChannel, userChannel, userChannels } from '@parlance/proto';
import { ConnectionRegistry } from '../fan-out/connection-registry.js';
import { ChatResilienceService } from '../repair/chat-resilience.service.js';
import { RoomListReconciler } from '../repair/room-list-reconciler.service.js';
import { ChatPubSubService } from './chat-pubsub.service.js';

/**
 * Keeps what is subscribed: the partition of every room with a feed, and the channels of all users whether they are
 * here or not, since a revoked token may be shown to any gateway; they carry revocations, changes of membership and a
 * few receipts, so hearing all of them costs little. A new feed's head is read from the log once its channel is
 * confirmed, since events before that were missed; so are users' rooms when the channel was confirmed later than a
 * handshake could wait.
 */
export class RoomSubscriptions {
  private readonly unconfirmed = new Map<string, Promise<void>>();
  /** Channels that somebody has stopped waiting for. */
  private readonly late = new Set<string>();

  constructor(
    connections: ConnectionRegistry,
    private readonly pubsub: ChatPubSubService,
    private readonly resilience: ChatResilienceService,
    private readonly roomLists: RoomListReconciler,
  ) {
    connections.listen({
      feedOpened: ({ roomId }) => this.acquire(roomChannel(roomId), () => this.resilience.check([roomId])),
      feedClosed: ({ roomId }) => this.pubsub.release(roomChannel(roomId)),
    });
  }

  /** Subscribes to the channels of all users. */
  start(): void {
    this.acquire(everyUserChannel, (wasLate) => wasLate && this.roomLists.checkAll(() => true));
    for (const channel of userChannels) {
      this.acquire(
        channel,
        (wasLate) => wasLate && this.roomLists.checkAll((userId) => userChannel(userId) === channel),
      );
    }
  }

  /** Resolves when these channels, as far as they are needed, are confirmed, or after `timeoutMs`. Never rejects. */
  async settled(channels: Iterable<string>, timeoutMs: number): Promise<void> {
    const waiting = [...channels].filter((channel) => this.unconfirmed.has(channel));
    const confirmations = waiting.map(async (channel) => this.unconfirmed.get(channel));
    if (waiting.length === 0) return;
    const { promise: timeout, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(() => {
      for (const channel of waiting) if (this.unconfirmed.has(channel)) this.late.add(channel);
      resolve();
    }, timeoutMs);
    await Promise.race([Promise.all(confirmations), timeout]);
    clearTimeout(timer);
  }

  private acquire(channel: string, onConfirmed: (wasLate: boolean) => void): void {
    const confirmed = this.pubsub
      .acquire(channel)
      .then(
        () => onConfirmed(this.late.has(channel)),
        () => {}, // Given up before it was confirmed: nobody is here any more.
      )
      .finally(() => {
        this.unconfirmed.delete(channel);
        this.late.delete(channel);
      });
    this.unconfirmed.set(channel, confirmed);
  }
}
