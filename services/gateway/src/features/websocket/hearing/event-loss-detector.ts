import { Injectable, type OnModuleInit } from '@nestjs/common';
import { everyUserChannel, roomChannel, userChannel } from '@parlance/proto';
import { StreamObserver } from '../../chat-service/calls/stream-observer.js';
import { ChatResilienceService } from '../repair/chat-resilience.service.js';
import { RoomListReconciler } from '../repair/room-list-reconciler.service.js';
import { ChatPubSubService } from './chat-pubsub.service.js';

/**
 * Has local rooms compared with the log at once when events of them may have been lost: after an interruption of their
 * channel, and when the stream to their pod broke or came back, since that pod may have died between commit and
 * publication (R9), or has said that its events are failing. After an interruption of a user's channel, and when the
 * events of a pod are no longer failing, the users' rooms are listed again.
 */
@Injectable()
export class EventLossDetector implements OnModuleInit {
  constructor(
    private readonly pubsub: ChatPubSubService,
    private readonly link: StreamObserver,
    private readonly resilience: ChatResilienceService,
    private readonly missed: RoomListReconciler,
  ) {}

  onModuleInit(): void {
    this.pubsub.onResubscribed((channels) => {
      this.resilience.checkAll((roomId) => channels.has(roomChannel(roomId)));
      const isAnybodys = channels.has(everyUserChannel);
      this.missed.checkAll((userId) => isAnybodys || channels.has(userChannel(userId)));
    });
    this.link.onLinkChange(({ kind, concerns }) => {
      this.resilience.checkAll(concerns);
      if (kind === 'heard') this.missed.checkAll(() => true);
    });
  }
}
