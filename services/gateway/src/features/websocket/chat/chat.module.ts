import { Module } from '@nestjs/common';
import { type Logger, redisOptionsOf, ShardedSubscriber } from '@parlance/runtime';
import { AnswersModule } from '../../../answers/answers.module.js';
import type { GatewayConfig } from '../../../config.js';
import { CONFIG, LOGGER, METRICS } from '../../../injection-tokens.js';
import type { GatewayMetrics } from '../../../metrics.js';
import { AuthModule } from '../../auth/auth.module.js';
import { SocketAuth } from '../../auth/socket-auth.js';
import { ChatServiceModule } from '../../chat-service/chat-service.module.js';
import { SocketDispatcher } from '../socket-dispatcher.js';
import { BackpressurePolicy } from './backpressure-policy.js';
import { ChatGateway } from './chat.gateway.js';
import { ChatDistributorService } from './chat-distributor.service.js';
import { ChatPubSubService } from './chat-pubsub.service.js';
import { ChatResilienceService } from './chat-resilience.service.js';
import { ChatSessionService } from './chat-session.service.js';
import { ChatSyncService } from './chat-sync.service.js';
import { ConnectionRegistry } from './connection-registry.js';
import { DrainService } from './drain.service.js';
import { EventLossDetector } from './event-loss-detector.js';
import { HeadPoll } from './head-poll.js';
import { HeadSweep } from './head-sweep.js';
import { RevocationWatch } from './revocation-watch.js';
import { RoomDelivery } from './room-delivery.service.js';
import { RoomJoinService } from './room-join.service.js';
import { RoomListReconciler } from './room-list-reconciler.service.js';
import { RoomQueries } from './room-queries.service.js';
import { RoomRepair } from './room-repair.service.js';
import { RoomSubscriptions } from './room-subscriptions.service.js';
import { TokenWatch } from './token-watch.js';
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
