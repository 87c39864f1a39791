import { Module } from '@nestjs/common';
import { type Logger, redisOptionsOf, ShardedSubscriber } from '@parlance/runtime';
import { AnswersModule } from '../../../answers/answers.module.js';
import type { GatewayConfig } from '../../../config.js';
import { CONFIG, LOGGER, METRICS } from '../../../injection-tokens.js';
import type { GatewayMetrics } from '../../../metrics.js';
import { AuthModule } from '../../auth/auth.module.js';
import { RevocationWatch } from '../../auth/revocations/revocation-watch.js';
import { TokenWatch } from '../../auth/revocations/token-watch.js';
import { ChatServiceModule } from '../../chat-service/chat-service.module.js';
import { ConnectionRegistry } from '../fan-out/connection-registry.js';
import { RoomDelivery } from '../fan-out/room-delivery.service.js';
import { ChatPubSubService } from '../hearing/chat-pubsub.service.js';
import { ChatSyncService } from '../hearing/chat-sync.service.js';
import { EventLossDetector } from '../hearing/event-loss-detector.js';
import { HeadPoll } from '../hearing/head-poll.js';
import { RoomSubscriptions } from '../hearing/room-subscriptions.service.js';
import { ChatResilienceService } from '../repair/chat-resilience.service.js';
import { HeadSweep } from '../repair/head-sweep.js';
import { RoomJoinService } from '../repair/room-join.service.js';
import { RoomListReconciler } from '../repair/room-list-reconciler.service.js';
import { RoomQueries } from '../repair/room-queries.service.js';
import { RoomRepair } from '../repair/room-repair.service.js';
import { ChatSessionService } from '../sessions/chat-session.service.js';
import { DrainService } from '../sessions/drain.service.js';
import { SocketAuth } from '../sessions/socket-auth.js';
import { BackpressurePolicy } from '../transport/backpressure-policy.js';
import { ChatGateway } from './chat.gateway.js';
import { ChatDistributorService } from './chat-distributor.service.js';
import { SocketDispatcher } from './socket-dispatcher.js';
import { ToldTyping } from './told-typing.js';

/** Sockets, and the events that reach them. */
@Module({
  imports: [AnswersModule, AuthModule, ChatServiceModule],
  providers: [
    { provide: ShardedSubscriber, inject: [CONFIG, LOGGER, METRICS], useFactory: createSubscriber },
    ChatDistributorService,
    ChatGateway,
    ChatPubSubService,
    ChatResilienceService,
    ChatSessionService,
    ChatSyncService,
    DrainService,
    HeadPoll,
    HeadSweep,
    ConnectionRegistry,
    EventLossDetector,
    RoomListReconciler,
    RevocationWatch,
    RoomDelivery,
    RoomJoinService,
    RoomQueries,
    RoomRepair,
    RoomSubscriptions,
    BackpressurePolicy,
    SocketAuth,
    SocketDispatcher,
    TokenWatch,
    { provide: ToldTyping, useFactory: () => new ToldTyping() },
  ],
  exports: [ChatDistributorService, ConnectionRegistry, ShardedSubscriber, SocketDispatcher],
})
export class ChatModule {}

/** A Redis that hangs is noticed after 1.7 s at most: until then nobody asks the log for messages. */
function createSubscriber(config: GatewayConfig, logger: Logger, metrics: GatewayMetrics): ShardedSubscriber {
  const options = { ...redisOptionsOf(config, 'parlance-gateway'), silenceTimeoutMs: 1_200 };
  const subscriber = new ShardedSubscriber(options, logger, { pingEveryMs: 500 });
  metrics.watch({
    wanted_channels: () => subscriber.status().wanted,
    confirmed_channels: () => subscriber.status().confirmed,
  });
  return subscriber;
}
