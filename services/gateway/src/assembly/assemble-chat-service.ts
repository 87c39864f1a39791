import { randomUUID } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { BusyRoomsService } from '../features/chat-service/busy-rooms/busy-rooms.service.js';
import { ChatServicePool } from '../features/chat-service/calls/chat-service-pool.js';
import { Retries } from '../features/chat-service/calls/retries.js';
import { KubernetesApi } from '../features/chat-service/discovery/kubernetes-api.js';
import { PodWatch } from '../features/chat-service/discovery/pod-watch.js';
import { TargetResolver } from '../features/chat-service/discovery/target-resolver.js';
import { credentialRefused } from '../features/chat-service/streams/exchange-connection.js';
import { ExchangeStreams } from '../features/chat-service/streams/exchange-streams.js';
import { createOpenExchange } from '../features/chat-service/streams/open-exchange.js';
import { podCredentials } from '../features/chat-service/streams/pod-credentials.js';
import { StreamObserver } from '../features/chat-service/streams/stream-observer.js';
import type { AssemblyParts } from './gateway-parts.js';

/** The way to the chat service: one stream to each of its pods, found in Kubernetes or by DNS. */
export function assembleChatService(parts: AssemblyParts) {
  const { config, logger, metrics, health, clock } = parts;
  const observer = new StreamObserver(metrics, logger);
  const open = createOpenExchange(config.serviceCredentials[0], podCredentials(config), clock.now);
  const streams = new ExchangeStreams(open, observer, clock);
  const retries = new Retries(metrics, clock.now, Math.random);
  const pool = new ChatServicePool(streams, retries, clock.now, randomUUID);
  health.add({ name: 'chat-service', critical: true, check: () => checkStreams(streams) });
  metrics.streams.readBy(() => streams.upAddresses.length);
  metrics.callsInFlight.readBy(() => pool.inFlight);
  const api = new KubernetesApi();
  const resolver = new TargetResolver({
    targets: config.chatServiceTargets,
    lookup: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
    watch: (service, listener) => new PodWatch(api, service, listener),
    apply: (addresses) => streams.setAddresses(addresses),
    logger,
  });
  observer.onPodLost(() => resolver.hurry());
  return { observer, streams, pool, resolver, busyRooms: new BusyRoomsService(pool, clock.now) };
}

/** @throws Error when no pod takes calls, or one of them does not as it should. */
function checkStreams({ failures, upAddresses, muteAddresses }: ExchangeStreams): void {
  const refusing = failures.filter(({ reason }) => reason === credentialRefused);
  if (refusing.length > 0)
    throw new Error(`${refusing.map(({ address }) => address).join(', ')}: ${credentialRefused}`);
  if (upAddresses.length === 0) throw new Error(['no stream is up', failures[0]?.reason].join(': '));
  if (muteAddresses.length > 0) throw new Error(`events of ${muteAddresses.join(', ')} do not reach Redis`);
}
