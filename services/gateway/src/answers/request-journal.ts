import type { AckFailure, AckSuccess, ChatError } from '@parlance/proto';
import {
  type CounterSeries,
  type Logger,
  newTraceparent,
  parseTraceparent,
  type Span,
  SparseWarnings,
  startSpan,
} from '@parlance/runtime';
import type { Clock } from '../clock.js';
import type { GatewayMetrics } from '../metrics.js';
import { requestOutcomes } from '../request-outcomes.js';
import { toFailure, toSuccess } from './ack.mapper.js';
import type { Answer } from './answer.js';

/**
 * Where every request of every transport begins and ends: counts it, measures it, writes a log line when it was refused or
 * failed, and makes its answer.
 * What may be retried comes in floods, when something is away or somebody is over a rate: of each code one warning a second,
 * without the user, says how many more there were; each of them has a line at the level debug. Lines name the code, the event
 * and the trace, others the user too; never content or tokens.
 */
export class RequestJournal {
  private readonly warnings: SparseWarnings;
  private readonly successes: ReadonlyMap<string, CounterSeries>;

  constructor(
    private readonly metrics: GatewayMetrics,
    private readonly logger: Logger,
    private readonly clock: Clock,
  ) {
    const done = requestOutcomes.filter(({ code }) => code === 'OK');
    this.successes = new Map(done.map((outcome) => [outcome.event, metrics.requests.of(outcome)]));
    this.warnings = new SparseWarnings(logger, () => clock.elapsedMs());
  }

  /**
   * A request that arrives now, with a trace of its own. What its sender named as `traceparent` is linked to, not gone on with:
   * whether a request is traced is not for others to say.
   */
  begin(event: string, userId?: string, sendersTrace?: unknown): JournalEntry {
    const span = startSpan(event, 'server');
    span?.link(sendersTrace);
    return { event, userId, traceId: span?.traceparent ?? newTraceparent(), startedAt: this.clock.elapsedMs(), span };
  }

  /** Notes that it was done; answers what its sender gets. */
  succeeded<Data>(request: JournalEntry, answer: Answer<Data>): AckSuccess<Data> {
    this.count(request, 'OK');
    return toSuccess(answer, this.clock.now());
  }

  /** Notes why it was not; answers what its sender gets. */
  failed(request: JournalEntry, error: ChatError): AckFailure {
    this.count(request, error.reason, error);
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
    return toFailure(error, this.clock.now());
  }

  private count({ event, startedAt, span }: JournalEntry, code: string, error?: ChatError): void {
    span?.rename(event);
    span?.answered(code, error !== undefined && error.row.httpStatus >= 500, error?.cause);
    const success = code === 'OK' ? this.successes.get(event) : undefined;
    if (success) success.inc();
    else this.metrics.requests.inc({ event, code });
    this.metrics.requestSeconds.observe({ event }, (this.clock.elapsedMs() - startedAt) / 1000);
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
  /** When it arrived, by {@link Clock.elapsedMs}. */
  readonly startedAt: number;
  /** There where the request is traced. */
  readonly span?: Span | undefined;
}
