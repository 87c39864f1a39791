import { everyUserChannel, roomChannel, userChannel } from '@parlance/proto';
import type { StreamObserver } from '../../chat-service/streams/stream-observer.js';
import type { ChatResilienceService } from '../repair/chat-resilience.service.js';
import type { RoomListReconciler } from '../repair/room-list-reconciler.service.js';
import type { ChatPubSubService } from './chat-pubsub.service.js';

/**
 * Has local rooms compared with the log at once when events of them may have been lost: after an interruption of their
 * channel, and when the stream to their pod broke or came back, since that pod may have died between commit and
 * publication (R9: events are hints), or has said that its events are failing. After an interruption of a user's
 * channel, and when the events of a pod are no longer failing, the users' rooms are listed again.
 */
export function watchForLosses(
  pubsub: ChatPubSubService,
  streams: StreamObserver,
  resilience: ChatResilienceService,
  roomLists: RoomListReconciler,
): void {
  pubsub.onResubscribed((channels) => {
    resilience.checkAll((roomId) => channels.has(roomChannel(roomId)));
    const isAnybodys = channels.has(everyUserChannel);
    roomLists.checkAll((userId) => isAnybodys || channels.has(userChannel(userId)));
  });
  streams.onChange(({ kind, concerns }) => {
    resilience.checkAll(concerns);
    if (kind === 'heard') roomLists.checkAll(() => true);
  });
}
