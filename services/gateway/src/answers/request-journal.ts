import { Inject, Injectable } from '@nestjs/common';
import type { ChatError } from '@parlance/proto';
import { type Logger, parseTraceparent } from '@parlance/runtime';
import type { GatewayMetrics } from '../metrics.js';
import { LOGGER, METRICS } from '../tokens.js';

/**
 * Where every request of every transport ends: counts it, measures it, and writes one log line when it was refused or
 * failed; of those over a rate one a second. Lines name the code, the event, the user and the trace; never content or tokens.
 */
@Injectable()
export class RequestJournal {
  private refusalLoggedAt = Number.NEGATIVE_INFINITY;
  private refusedUnlogged = 0;

  constructor(
    @Inject(METRICS) private readonly metrics: GatewayMetrics,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  succeeded(request: JournalEntry): void {
    this.count(request, 'OK');
  }

  failed(request: JournalEntry, error: ChatError): void {
    this.count(request, error.reason);
    if (error.reason === 'RATE_LIMITED' && !this.mayLogRefusal()) return;
    const { event, userId, traceId } = request;
    const fields = {
      code: error.reason,
      outcome: error.outcome,
      event,
      userId,
      traceId: parseTraceparent(traceId)?.traceId,
      ...(this.refusedUnlogged > 0 && error.reason === 'RATE_LIMITED'
        ? { moreSinceLastLine: this.takeUnlogged() }
        : {}),
      ...(error.cause === undefined ? {} : { err: error.cause }),
    };
    if (error.reason === 'INTERNAL') this.logger.error(fields, 'request failed');
    else if (error.row.retryable) this.logger.warn(fields, 'request failed');
    else this.logger.info(fields, 'request refused');
  }

  /** A flood must not become a flood of lines: one a second, which says how many went before. */
  private mayLogRefusal(): boolean {
    const now = performance.now();
    const may = now - this.refusalLoggedAt >= 1_000;
    if (may) this.refusalLoggedAt = now;
    else this.refusedUnlogged += 1;
    return may;
  }

  private takeUnlogged(): number {
    const count = this.refusedUnlogged;
    this.refusedUnlogged = 0;
    return count;
  }

  private count({ event, startedAt }: JournalEntry, code: string): void {
    this.metrics.requests.inc({ event, code });
    this.metrics.requestSeconds.observe({ event }, (performance.now() - startedAt) / 1000);
  }
}

/** One request as the journal sees it. */
export interface JournalEntry {
  /** Client event, or the HTTP operation's name; from a fixed list. */
  readonly event: string;
  /** Undefined before authentication. */
  readonly userId: string | undefined;
  /** W3C traceparent. */
  readonly traceId: string;
  /** `performance.now()` at arrival. */
  readonly startedAt: number;
}
