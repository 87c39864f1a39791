import type { Logger } from '@parlance/runtime';
import type { ChatMetrics } from '../../metrics.js';

/** How far a pod's clock may be from MongoDB's, in milliseconds (R6: a month ends with its seal). */
const allowedSkewMs = 2_000;

/** Three clocks, in milliseconds. */
export interface Clocks {
  /** This pod's, since 1970. */
  now(): number;
  /** MongoDB's, since 1970. */
  readServerClock(): Promise<number>;
  /** One that only measures durations. */
  elapsed(): number;
}

/**
 * Compares this pod's clock with MongoDB's (R6: a month ends with its seal): message timestamps and the choice of a
 * month come from the pod's. The server's answer is taken for the middle of the round trip, so a measurement is wrong
 * by at most half of it. The verdict changes only when it is certain in spite of that. While MongoDB does not answer it
 * stays as it was: a database that is away must not take all pods out.
 */
export class ClockGuard {
  private fault: string | undefined;

  constructor(
    private readonly clocks: Clocks,
    private readonly metrics: Pick<ChatMetrics, 'clockSkew'>,
    private readonly logger: Pick<Logger, 'warn' | 'info' | 'debug'>,
  ) {}

  /** Throws, with the reason, while this pod's clock is known to be wrong. Waits for nothing. */
  requireRight(): void {
    if (this.fault !== undefined) throw new Error(this.fault);
  }

  /** Measures once. Never rejects. */
  async measure(): Promise<void> {
    const { clocks, metrics, logger } = this;
    const sentAt = clocks.now();
    const startedAt = clocks.elapsed();
    let serverNow: number;
    try {
      serverNow = await clocks.readServerClock();
    } catch (error) {
      logger.debug({ err: error }, 'the clock could not be compared with that of MongoDB');
      return;
    }
    const halfTripMs = (clocks.elapsed() - startedAt) / 2;
    const skewMs = sentAt + halfTripMs - serverNow;
    metrics.clockSkew.set(skewMs / 1_000);
    const before = this.fault;
    if (Math.abs(skewMs) - halfTripMs > allowedSkewMs) this.fault = describe(skewMs);
    else if (Math.abs(skewMs) + halfTripMs <= allowedSkewMs) this.fault = undefined;
    if (before === undefined && this.fault !== undefined) logger.warn({ skewMs }, this.fault);
    if (before !== undefined && this.fault === undefined) logger.info({ skewMs }, 'the clock is right again');
  }
}

function describe(skewMs: number): string {
  const seconds = (Math.abs(skewMs) / 1_000).toFixed(1);
  // Stryker disable next-line EqualityOperator: a clock that is not off is not described
  const direction = skewMs > 0 ? 'ahead of' : 'behind';
  return `this pod's clock is ${seconds} s ${direction} that of MongoDB; ${allowedSkewMs / 1_000} s are allowed`;
}
