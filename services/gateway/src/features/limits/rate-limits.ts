import { ChatError } from '@parlance/proto';
import type { RedisClient } from '@parlance/runtime';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';

/**
 * How often addresses and users may ask, in windows of a minute: counted here, and in Redis for all gateways together.
 * With Redis away each gateway counts for itself. Every count is one key, so a cluster will do.
 */
export class RateLimits {
  private readonly limiters: Readonly<Record<LimitName, Limiters>>;

  constructor(
    private readonly redis: RedisClient,
    perMinute: Readonly<Record<LimitName, number>>,
    /** Told of each request that was over its limit. */
    private readonly refused: (limit: LimitName) => void,
  ) {
    this.limiters = {
      handshakesOfAddress: limitersOf(redis, 'handshakesOfAddress', perMinute.handshakesOfAddress),
      httpOfAddress: limitersOf(redis, 'httpOfAddress', perMinute.httpOfAddress),
      httpOfUser: limitersOf(redis, 'httpOfUser', perMinute.httpOfUser),
    };
  }

  /** Resolves when Redis is connected, or the first attempt to connect has failed. */
  async firstAttempt(): Promise<void> {
    if (this.redis.status === 'ready') return;
    const { promise, resolve } = Promise.withResolvers<void>();
    // Not events.once, which rejects at an error.
    this.redis.once('ready', resolve).once('close', resolve);
    await promise;
  }

  /**
   * Counts one request of an address or user.
   *
   * @throws ChatError (rejects) RATE_LIMITED, with the time until the window ends.
   */
  async take(limit: LimitName, who: string): Promise<void> {
    const { here, everywhere } = this.limiters[limit];
    try {
      await here.consume(who);
      await everywhere.consume(who);
    } catch (thrown) {
      if (!(thrown instanceof RateLimiterRes)) return; // Redis did not answer: it is counted here.
      this.refused(limit);
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

interface Limiters {
  readonly here: RateLimiterMemory;
  readonly everywhere: RateLimiterRedis;
}

const windowSeconds = 60;

function limitersOf(redis: RedisClient, name: LimitName, points: number): Limiters {
  const options = { keyPrefix: `chat:limit:${name}`, points, duration: windowSeconds };
  // Who is over the limit is refused without asking Redis again until the window ends.
  const sparing = { rejectIfRedisNotReady: true, inMemoryBlockOnConsumed: points };
  return {
    here: new RateLimiterMemory(options),
    everywhere: new RateLimiterRedis({ ...options, ...sparing, storeClient: redis }),
  };
}
