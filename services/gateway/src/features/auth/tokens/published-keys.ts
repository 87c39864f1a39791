import { ChatError } from '@parlance/proto';
import type { Logger } from '@parlance/runtime';
import { createRemoteJWKSet, errors, type JWKSCacheInput, type JWTVerifyGetKey, jwksCache } from 'jose';

/** Keys older than this are read again before they are used: so long may a withdrawn key be good. */
export const refreshMs = 600_000;

/** Pause after a reading that failed. */
const retryMs = 10_000;

/**
 * The keys that a server publishes as a JWK set (RFC 7517). They are read again before use when they are older than
 * {@link refreshMs}, and when a token names one that is not known. Where that fails the known ones stay good until
 * `keepForMs` after they were read: a key server that is away must not lock everybody out.
 */
export class PublishedKeys {
  private readonly remote: ReturnType<typeof createRemoteJWKSet>;
  private readonly cache: JWKSCacheInput = {};
  private reading: Promise<void> | undefined;
  private failedAt: number | undefined;

  constructor(private readonly settings: PublishedKeysSettings) {
    this.remote = createRemoteJWKSet(new URL(settings.url), {
      timeoutDuration: 3_000,
      cooldownDuration: retryMs,
      cacheMaxAge: settings.keepForMs,
      [jwksCache]: this.cache,
    });
  }

  /** Milliseconds since the keys were read; undefined while they never were. */
  get ageMs(): number | undefined {
    return this.cache.uat === undefined ? undefined : this.settings.now() - this.cache.uat;
  }

  /** Until when the keys are good that were read last, Unix milliseconds; undefined while they never were. */
  get goodUntil(): number | undefined {
    return this.cache.uat === undefined ? undefined : this.cache.uat + this.settings.keepForMs;
  }

  /** How many keys are known. */
  get count(): number {
    return this.cache.jwks?.keys.length ?? 0;
  }

  /**
   * The key of a token, for jose.
   *
   * @throws ChatError (rejects) STORE_UNAVAILABLE when it is not known and the keys cannot be read; what jose throws for a
   *   token without a published key.
   */
  readonly keyOf: JWTVerifyGetKey = async (header, token) => {
    await this.refresh();
    try {
      return await this.remote(header, token);
    } catch (thrown) {
      const aboutToken =
        thrown instanceof errors.JWKSNoMatchingKey ||
        thrown instanceof errors.JWKSMultipleMatchingKeys ||
        thrown instanceof errors.JOSENotSupported;
      if (aboutToken) throw thrown;
      throw new ChatError('STORE_UNAVAILABLE', {
        message: 'The signing keys cannot be fetched; retry.',
        cause: thrown,
      });
    }
  };

  /** Reads the keys if they are due. Waits for it unless the last reading failed: then the known ones do. Never rejects. */
  async refresh(): Promise<void> {
    if (this.ageMs !== undefined && this.ageMs < refreshMs) return;
    const isFailing = this.failedAt !== undefined;
    if (isFailing && this.ageMs !== undefined && this.settings.now() - (this.failedAt ?? 0) < retryMs) return;
    this.reading ??= this.read();
    if (!isFailing || this.ageMs === undefined) await this.reading;
  }

  private async read(): Promise<void> {
    const { logger, count, now } = this.settings;
    try {
      await this.remote.reload();
      count('ok');
      if (this.failedAt !== undefined) logger.info('the signing keys are read again');
      this.failedAt = undefined;
    } catch (error) {
      count('failed');
      const until = this.goodUntil === undefined ? undefined : new Date(this.goodUntil).toISOString();
      if (this.failedAt === undefined)
        logger.warn({ err: error, knownKeysGoodUntil: until }, 'the signing keys cannot be read; known ones stay good');
      this.failedAt = now();
    } finally {
      this.reading = undefined;
    }
  }
}

/** Where the keys are, how long they last, and who hears of it. */
export interface PublishedKeysSettings {
  readonly url: string;
  /** How long keys stay good that cannot be read again, from when they were read. */
  readonly keepForMs: number;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  /** Told of every reading. */
  readonly count: (result: 'ok' | 'failed') => void;
  /** Unix milliseconds. */
  readonly now: () => number;
}
