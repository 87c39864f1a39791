import type { EventClass } from '@parlance/proto/operations';
import { checkRedis, clientLink, createRedis, redisOptionsOf } from '@parlance/runtime';
import { EventLimits } from '../features/limits/event-limits.js';
import { type LimitName, RateLimits } from '../features/limits/rate-limits.js';
import type { AssemblyParts } from './gateway-parts.js';

/** How often anybody may ask. */
export function assembleLimits({ config, logger, metrics, health, clock }: AssemblyParts) {
  // Somebody waits for each of these: a Redis that hangs must not hold them up.
  const options = { ...redisOptionsOf(config, 'parlance-gateway-limits'), commandTimeoutMs: 1_000 };
  const redis = createRedis(options, logger, clock.elapsedMs);
  metrics.redis.watch('limits', clientLink(redis));
  // Without it each gateway counts for itself: weaker, and no reason to be called degraded.
  health.add({ name: 'redis-commands', critical: false, check: () => checkRedis(redis) });
  const refused = (limit: LimitName | EventClass): void => metrics.rateLimitRefusals.inc({ limit });
  const perMinute = {
    handshakesOfAddress: config.handshakesPerIpPerMinute,
    httpOfAddress: config.httpPerIpPerMinute,
    httpOfUser: config.httpPerUserPerMinute,
  };
  const perSecond = {
    sends: config.socketSendsPerSecond,
    reads: config.socketReadsPerSecond,
    receipts: config.socketReceiptsPerSecond,
    changes: config.socketChangesPerSecond,
    typing: config.socketTypingPerSecond,
    others: config.socketOthersPerSecond,
  };
  return {
    redis,
    rateLimits: new RateLimits(redis, perMinute, refused),
    eventLimits: new EventLimits(perSecond, clock.elapsedMs, refused),
  };
}
