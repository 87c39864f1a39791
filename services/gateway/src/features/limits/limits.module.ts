import { Module } from '@nestjs/common';
import { createRedis, type Logger, redisOptionsOf } from '@parlance/runtime';
import type { GatewayConfig } from '../../config.js';
import { CONFIG, LOGGER } from '../../tokens.js';
import { RateLimits } from './rate-limits.js';

/** How often anybody may ask. */
@Module({
  providers: [{ provide: RateLimits, inject: [CONFIG, LOGGER], useFactory: createRateLimits }],
  exports: [RateLimits],
})
export class LimitsModule {}

function createRateLimits(config: GatewayConfig, logger: Logger): RateLimits {
  // Somebody waits for each of these: a Redis that hangs must not hold them up.
  const options = { ...redisOptionsOf(config, 'parlance-gateway-limits'), commandTimeoutMs: 1_000 };
  return new RateLimits(createRedis(options, logger), {
    handshakesOfAddress: config.handshakesPerIpPerMinute,
    httpOfAddress: config.httpPerIpPerMinute,
    httpOfUser: config.httpPerUserPerMinute,
  });
}
