import { ChatError } from '@parlance/proto';
import type { RedisClient } from '@parlance/runtime';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';

/**
 * How often addresses and users may ask, counted in Redis for all gateways together in windows of a minute. With Redis
 * away each gateway counts for itself. Every count is one key, so a cluster will do.
 */
export class RateLimits {
  private readonly limiters: Readonly<Record<LimitName, RateLimiterRedis>>;

  constructor(
    private readonly redis: RedisClient,
    perMinute: Readonly<Record<LimitName, number>>,
  ) {
    this.limiters = {
      handshakesOfAddress: limiterOf(redis, 'handshakesOfAddress', perMinute.handshakesOfAddress),
      httpOfAddress: limiterOf(redis, 'httpOfAddress', perMinute.httpOfAddress),
      httpOfUser: limiterOf(redis, 'httpOfUser', perMinute.httpOfUser),
    };
  }

  /**
   * Counts one request of an address or user.
   *
   * @throws ChatError (rejects) RATE_LIMITED, with the time until the window ends.
   */
  async take(limit: LimitName, who: string): Promise<void> {
    try {
      await this.limiters[limit].consume(who);
    } catch (thrown) {
      if (!(thrown instanceof RateLimiterRes)) throw thrown;
      throw new ChatError('RATE_LIMITED', { retryAfterMs: Math.max(1, Math.ceil(thrown.msBeforeNext)) });
    }
  }

  /** Ends the connection to Redis. */
  close(): void {
    this.redis.disconnect();
  }
}

/** What is counted, and for whom. */
export type LimitName = 'handshakesOfAddress' | 'httpOfAddress' | 'httpOfUser';

const windowSeconds = 60;

function limiterOf(redis: RedisClient, name: LimitName, points: number): RateLimiterRedis {
  const options = { keyPrefix: `chat:limit:${name}`, points, duration: windowSeconds };
  return new RateLimiterRedis({
    ...options,
    storeClient: redis,
    rejectIfRedisNotReady: true,
    insuranceLimiter: new RateLimiterMemory(options),
    // Who is over the limit is refused without asking Redis again until the window ends.
    inMemoryBlockOnConsumed: points,
  });
}
