import { everyBeat } from '@parlance/runtime';
import type { ExchangeStreams } from '../../chat-service/streams/exchange-streams.js';
import type { ChatResilienceService } from '../repair/chat-resilience.service.js';
import type { ChatPubSubService } from './chat-pubsub.service.js';

const everyMs = 1_000;

/**
 * Stands in for events while subscriptions are interrupted, or a chat service says that its events do not reach Redis:
 * compares all local rooms with the log every second, so that messages reach sockets within seconds without Redis. A gateway has one call of at most 200 rooms in flight for it at
 * any time; with so many rooms that a round takes longer than a second, the next begins when it has ended. The end of
 * the interruption is followed by a comparison of its own ({@link watchForLosses}).
 */
export class HeadPoll {
  private stopBeat: (() => void) | undefined;

  constructor(
    private readonly pubsub: ChatPubSubService,
    private readonly streams: Pick<ExchangeStreams, 'muteAddresses'>,
    private readonly resilience: ChatResilienceService,
  ) {}

  start(): void {
    this.stopBeat = everyBeat(everyMs, () => {
      if (this.pubsub.isInterrupted || this.streams.muteAddresses.length > 0) this.resilience.checkAll();
    });
  }

  stop(): void {
    this.stopBeat?.();
  }
}
