import { Module } from '@nestjs/common';
import { type Logger, redisOptionsOf, ShardedSubscriber } from '@parlance/runtime';
import { AnswersModule } from '../../../answers/answers.module.js';
import type { GatewayConfig } from '../../../config.js';
import type { GatewayMetrics } from '../../../metrics.js';
import { CONFIG, LOGGER, METRICS } from '../../../tokens.js';
import { AuthModule } from '../../auth/auth.module.js';
import { SocketAuth } from '../../auth/socket-auth.js';
import { ChatServiceModule } from '../../chat-service/chat-service.module.js';
import { SocketDispatcher } from '../socket-dispatcher.js';
import { ChatGateway } from './chat.gateway.js';
import { ChatDistributorService } from './chat-distributor.service.js';
import { ChatPubSubService } from './chat-pubsub.service.js';
import { ChatResilienceService } from './chat-resilience.service.js';
import { ChatSessionService } from './chat-session.service.js';
import { ChatSyncService } from './chat-sync.service.js';
import { DrainService } from './drain.service.js';
import { HeadPoll } from './head-poll.js';
import { HeadSweep } from './head-sweep.js';
import { LocalAudience } from './local-audience.js';
import { LossWatch } from './loss-watch.js';
import { MissedRooms } from './missed-rooms.service.js';
import { RevocationWatch } from './revocation-watch.js';
import { RoomDelivery } from './room-delivery.service.js';
import { RoomEntrance } from './room-entrance.service.js';
import { RoomQueries } from './room-queries.service.js';
import { RoomRepair } from './room-repair.service.js';
import { RoomSubscriptions } from './room-subscriptions.service.js';
import { SlowReaders } from './slow-readers.js';
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
    LocalAudience,
    LossWatch,
    MissedRooms,
    RevocationWatch,
    RoomDelivery,
    RoomEntrance,
    RoomQueries,
    RoomRepair,
    RoomSubscriptions,
    SlowReaders,
    SocketAuth,
    SocketDispatcher,
    TokenWatch,
    { provide: ToldTyping, useFactory: () => new ToldTyping() },
  ],
  exports: [ChatDistributorService, LocalAudience, ShardedSubscriber, SocketDispatcher],
})
export class ChatModule {}

/** A Redis that hangs is noticed after 1.7 s at most: until then nobody asks the log for messages. */
function createSubscriber(config: GatewayConfig, logger: Logger, metrics: GatewayMetrics): ShardedSubscriber {
  const options = { ...redisOptionsOf(config, 'parlance-gateway'), silenceTimeoutMs: 1_200 };
  const subscriber = new ShardedSubscriber(options, logger, { pingEveryMs: 500 });
  metrics.watch({
    wanted_channels_count: () => subscriber.status().wanted,
    confirmed_channels_count: () => subscriber.status().confirmed,
  });
  return subscriber;
}
