import { lookup } from 'node:dns/promises';
import { Module } from '@nestjs/common';
import type { HealthRegistry, Logger } from '@parlance/runtime';
import type { GatewayConfig } from '../../config.js';
import { CONFIG, HEALTH, LOGGER, METRICS } from '../../injection-tokens.js';
import type { GatewayMetrics } from '../../metrics.js';
import { ChatServicePool } from './calls/chat-service-pool.js';
import { StreamObserver } from './calls/stream-observer.js';
import { KubernetesApi } from './discovery/kubernetes-api.js';
import { PodWatch } from './discovery/pod-watch.js';
import { TargetResolver } from './discovery/target-resolver.js';
import { credentialRefused } from './streams/exchange-connection.js';
import { linkCredentials } from './streams/link-credentials.js';
import { createOpenExchange } from './streams/open-exchange.js';

/** The link to the chat service: one stream to each of its pods, found in Kubernetes or by DNS. */
@Module({
  providers: [
    {
      provide: StreamObserver,
      inject: [METRICS, LOGGER],
      useFactory: (metrics: GatewayMetrics, logger: Logger) => new StreamObserver(metrics, logger),
    },
    { provide: ChatServicePool, inject: [CONFIG, StreamObserver, HEALTH, METRICS], useFactory: createPool },
    { provide: TargetResolver, inject: [CONFIG, ChatServicePool, StreamObserver, LOGGER], useFactory: createResolver },
  ],
  exports: [ChatServicePool, StreamObserver],
})
export class ChatServiceModule {}

function createPool(
  config: GatewayConfig,
  observer: StreamObserver,
  health: HealthRegistry,
  metrics: GatewayMetrics,
): ChatServicePool {
  const pool = new ChatServicePool(createOpenExchange(config.serviceCredentials[0], linkCredentials(config)), observer);
  health.add({
    name: 'chat-service',
    critical: true,
    check: () => {
      const refusing = pool.failures.filter(({ reason }) => reason === credentialRefused);
      if (refusing.length > 0)
        throw new Error(`${refusing.map(({ address }) => address).join(', ')}: ${credentialRefused}`);
      if (pool.upAddresses.length === 0) throw new Error(['no stream is up', pool.failures[0]?.reason].join(': '));
      if (pool.muteAddresses.length > 0)
        throw new Error(`events of ${pool.muteAddresses.join(', ')} do not reach Redis`);
    },
  });
  metrics.watch({ streams: () => pool.upAddresses.length, calls_in_flight: () => pool.inFlight });
  return pool;
}

async function createResolver(
  config: GatewayConfig,
  pool: ChatServicePool,
  observer: StreamObserver,
  logger: Logger,
): Promise<TargetResolver> {
  const api = new KubernetesApi();
  const resolver = new TargetResolver({
    targets: config.chatServiceTargets,
    lookup: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
    watch: (service, listener) => new PodWatch(api, service, listener),
    apply: (addresses) => pool.setAddresses(addresses),
    logger,
  });
  observer.onPodLost(() => resolver.hurry());
  await resolver.start();
  return resolver;
}
