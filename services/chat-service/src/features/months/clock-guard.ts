import type { Logger } from '@parlance/runtime';
import type { ChatMetrics } from '../../metrics.js';

/** How far a pod's clock may be from MongoDB's, in milliseconds (R6). */
export const allowedSkewMs = 2_000;

/** What the guard measures with. */
export interface ClockGuardPorts {
  /** This pod's clock, Unix milliseconds. */
  now(): number;
  /** MongoDB's clock, Unix milliseconds. */
  readServerClock(): Promise<number>;
  /** A clock that only measures durations, in milliseconds. */
  elapsed(): number;
  readonly metrics: Pick<ChatMetrics, 'clockSkew'>;
  readonly logger: Pick<Logger, 'warn' | 'info' | 'debug'>;
}

/**
 * Compares this pod's clock with MongoDB's (R6): message timestamps and the choice of a month come from the pod's. The
 * server's answer is taken for the middle of the round trip, so a measurement is wrong by at most half of it. The verdict
 * changes only when it is certain in spite of that. While MongoDB does not answer it stays as it was: a database that is
 * away must not take all pods out.
 */
export class ClockGuard {
  private fault: string | undefined;

  constructor(private readonly ports: ClockGuardPorts) {}

  /** Throws, with the reason, while this pod's clock is known to be wrong. Waits for nothing. */
  requireRight(): void {
    if (this.fault !== undefined) throw new Error(this.fault);
  }

  /** Measures once. Never rejects. */
  async measure(): Promise<void> {
    const { now, readServerClock, elapsed, metrics, logger } = this.ports;
    const sentAt = now();
    const startedAt = elapsed();
    let serverNow: number;
    try {
      serverNow = await readServerClock();
    } catch (error) {
      logger.debug({ err: error }, 'the clock could not be compared with that of MongoDB');
      return;
    }
    const halfTripMs = (elapsed() - startedAt) / 2;
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
