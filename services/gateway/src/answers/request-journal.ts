import { Inject, Injectable } from '@nestjs/common';
import type { ChatError } from '@parlance/proto';
import { type Logger, parseTraceparent } from '@parlance/runtime';
import type { GatewayMetrics } from '../metrics.js';
import { LOGGER, METRICS } from '../tokens.js';

/**
 * Where every request of every transport ends: counts it, measures it, and writes one log line when it was refused or
 * failed. Lines name the code, the event, the user and the trace; never content or tokens.
 */
@Injectable()
export class RequestJournal {
  constructor(
    @Inject(METRICS) private readonly metrics: GatewayMetrics,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  succeeded(request: JournalEntry): void {
    this.count(request, 'OK');
  }

  failed(request: JournalEntry, error: ChatError): void {
    this.count(request, error.reason);
    const { event, userId, traceId } = request;
    const fields = {
      code: error.reason,
      outcome: error.outcome,
      event,
      userId,
      traceId: parseTraceparent(traceId)?.traceId,
      ...(error.cause === undefined ? {} : { err: error.cause }),
    };
    if (error.reason === 'INTERNAL') this.logger.error(fields, 'request failed');
    else if (error.row.retryable) this.logger.warn(fields, 'request failed');
    else this.logger.info(fields, 'request refused');
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
