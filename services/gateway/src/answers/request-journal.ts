import { Inject, Injectable } from '@nestjs/common';
import type { ChatError } from '@parlance/proto';
import { type Logger, parseTraceparent, SparseWarnings } from '@parlance/runtime';
import { LOGGER, METRICS } from '../injection-tokens.js';
import type { GatewayMetrics } from '../metrics.js';

/**
 * Where every request of every transport ends: counts it, measures it, and writes a log line when it was refused or failed.
 * What may be retried comes in floods, when something is away or somebody is over a rate: of each code one warning a second,
 * without the user, says how many more there were; each of them has a line at the level debug. Lines name the code, the event
 * and the trace, others the user too; never content or tokens.
 */
@Injectable()
export class RequestJournal {
  private readonly warnings: SparseWarnings;

  constructor(
    @Inject(METRICS) private readonly metrics: GatewayMetrics,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.warnings = new SparseWarnings(logger);
  }

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
      traceId: parseTraceparent(traceId)?.traceId,
      ...(error.cause === undefined ? {} : { err: error.cause }),
    };
    if (error.reason === 'INTERNAL') this.logger.error({ ...fields, userId }, 'request failed');
    else if (!error.row.retryable) this.logger.info({ ...fields, userId }, 'request refused');
    else {
      this.logger.debug({ ...fields, userId }, 'request failed');
      this.warnings.warn(error.reason, fields, 'requests fail');
    }
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
