import { Module } from '@nestjs/common';
import { checkRedis, createRedis, type HealthRegistry, type Logger, redisOptionsOf } from '@parlance/runtime';
import type { GatewayConfig } from '../../config.js';
import { CONFIG, HEALTH, LOGGER } from '../../injection-tokens.js';
import { EventLimits } from './event-limits.js';
import { RateLimits } from './rate-limits.js';

/** How often anybody may ask. */
@Module({
  providers: [
    { provide: RateLimits, inject: [CONFIG, LOGGER, HEALTH], useFactory: createRateLimits },
    { provide: EventLimits, inject: [CONFIG], useFactory: createEventLimits },
  ],
  exports: [RateLimits, EventLimits],
})
export class LimitsModule {}

function createRateLimits(config: GatewayConfig, logger: Logger, health: HealthRegistry): RateLimits {
  // Somebody waits for each of these: a Redis that hangs must not hold them up.
  const options = { ...redisOptionsOf(config, 'parlance-gateway-limits'), commandTimeoutMs: 1_000 };
  const redis = createRedis(options, logger);
  // Without it each gateway counts for itself: weaker, and no reason to be called degraded.
  health.add({ name: 'rate-limits', critical: false, check: () => checkRedis(redis) });
  return new RateLimits(redis, {
    handshakesOfAddress: config.handshakesPerIpPerMinute,
    httpOfAddress: config.httpPerIpPerMinute,
    httpOfUser: config.httpPerUserPerMinute,
  });
}

function createEventLimits(config: GatewayConfig): EventLimits {
  return new EventLimits({
    sends: config.socketSendsPerSecond,
    reads: config.socketReadsPerSecond,
    receipts: config.socketReceiptsPerSecond,
    changes: config.socketChangesPerSecond,
    typing: config.socketTypingPerSecond,
    others: config.socketOthersPerSecond,
  });
}
