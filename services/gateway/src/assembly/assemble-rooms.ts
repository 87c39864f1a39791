import { randomUUID } from 'node:crypto';
import { type RedisClient, redisOptionsOf, ShardedSubscriber, subscriberLink } from '@parlance/runtime';
import { ConnectionRegistry } from '../features/websocket/fan-out/connection-registry.js';
import { RoomDelivery } from '../features/websocket/fan-out/room-delivery.service.js';
import { ChatPubSubService } from '../features/websocket/hearing/chat-pubsub.service.js';
import { ChatSyncService } from '../features/websocket/hearing/chat-sync.service.js';
import { DeliveryRate } from '../features/websocket/hearing/delivery-rate.js';
import { HeadPoll } from '../features/websocket/hearing/head-poll.js';
import { Loopback } from '../features/websocket/hearing/loopback.js';
import { RoomSubscriptions } from '../features/websocket/hearing/room-subscriptions.service.js';
import { watchForLosses } from '../features/websocket/hearing/watch-for-losses.js';
import { ChatResilienceService } from '../features/websocket/repair/chat-resilience.service.js';
import { HeadSweep } from '../features/websocket/repair/head-sweep.js';
import { RoomJoinService } from '../features/websocket/repair/room-join.service.js';
import { RoomListReconciler } from '../features/websocket/repair/room-list-reconciler.service.js';
import { RoomQueries } from '../features/websocket/repair/room-queries.service.js';
import { RoomRepair } from '../features/websocket/repair/room-repair.service.js';
import { BackpressurePolicy } from '../features/websocket/transport/backpressure-policy.js';
import { LocalSocket } from '../features/websocket/transport/local-socket.js';
import type { assembleChatService } from './assemble-chat-service.js';
import type { AssemblyParts } from './gateway-parts.js';

/** How events are heard, reach the sockets of their rooms, and are made up for when they were missed. */
export function assembleRooms(parts: AssemblyParts, { chatService, redis }: MadeBefore) {
  const { config, logger, metrics, health, clock } = parts;
  const { pool, streams, observer } = chatService;
  const backpressure = new BackpressurePolicy(config.maxBufferedBytes, metrics, logger);
  const connections = new ConnectionRegistry(
    (userId, socket) => new LocalSocket(userId, socket, backpressure, clock.elapsedMs),
  );
  const delivery = new RoomDelivery(connections, metrics, clock.now);
  const queries = new RoomQueries(pool, config.requestTimeoutMs, clock.now);
  const repair = new RoomRepair(queries, connections, delivery, logger);
  const resilience = new ChatResilienceService(queries, connections, repair, logger);
  const roomJoin = new RoomJoinService(connections, repair);
  const roomLists = new RoomListReconciler(queries, roomJoin, logger, clock.now);
  connections.listen(roomLists);
  const subscriber = createSubscriber(parts);
  const publish = (channel: string, text: string) => redis.spublish(channel, text);
  const loopback = new Loopback(subscriber, publish, clock.elapsedMs, randomUUID());
  const pubsub = new ChatPubSubService(subscriber, metrics, clock.elapsedMs, (channel) => loopback.owns(channel));
  const sync = new ChatSyncService(connections, delivery, repair, resilience);
  pubsub.onEvent((event) => sync.handleEvent(event));
  const rate = new DeliveryRate(() => delivery.delivered, clock.elapsedMs);
  // Without any of these clients get messages late: the gateway serves, but not as it should.
  health.add({ name: 'redis-subscriptions', critical: true, check: () => pubsub.requireSubscribed() });
  health.add({ name: 'redis-loopback', critical: true, check: () => loopback.requireHeard() });
  health.add({ name: 'delivery', critical: true, check: () => rate.requireEvents() });
  metrics.subscriberHeardSeconds.readBy(() => loopback.silentForMs / 1_000);
  watchForLosses(pubsub, observer, resilience, roomLists);
  metrics.connections.readBy(() => connections.socketCount);
  metrics.connectionsLimit.set(config.maxConnections);
  metrics.rooms.readBy(() => connections.roomCount);
  metrics.outgoingBytes.readBy(() => connections.outgoingBytes);
  metrics.draining.readBy(() => Number(health.isDraining));
  metrics.drainSocketsLeft.readBy(() => (health.isDraining ? connections.socketCount : 0));
  return {
    connections,
    queries,
    roomJoin,
    subscriber,
    pubsub,
    sync,
    subscriptions: new RoomSubscriptions(connections, pubsub, resilience, roomLists),
    loopback,
    headPoll: new HeadPoll(pubsub, streams, resilience),
    headSweep: new HeadSweep(config.headSweepMs, resilience, roomLists),
  };
}

interface MadeBefore {
  readonly chatService: ReturnType<typeof assembleChatService>;
  /** For commands. */
  readonly redis: RedisClient;
}

/** A Redis that hangs is noticed after 1.7 s at most: until then nobody asks the log for messages. */
function createSubscriber({ config, logger, metrics, clock }: AssemblyParts): ShardedSubscriber {
  const options = { ...redisOptionsOf(config, 'parlance-gateway'), silenceTimeoutMs: 1_200 };
  const subscriber = new ShardedSubscriber(options, logger, { elapsedMs: clock.elapsedMs, pingEveryMs: 500 });
  metrics.redis.watch('subscriber', subscriberLink(subscriber));
  metrics.wantedChannels.readBy(() => subscriber.status().wanted);
  metrics.confirmedChannels.readBy(() => subscriber.status().confirmed);
  return subscriber;
}
