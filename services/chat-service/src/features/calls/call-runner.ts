import { ChatError, isUserId, toChatError, type UserId } from '@parlance/proto';
import { type CallName, calls, type RequestOf, type ResponseOf } from '@parlance/proto/operations';
import {
  ConcurrencyLimiter,
  type Logger,
  newTraceparent,
  parseTraceparent,
  runInSpan,
  runWithTrace,
  type Span,
  SparseWarnings,
  startSpan,
} from '@parlance/runtime';
import type { ChatMetrics } from '../../metrics.js';
import type { CallContext } from '../../requests/call-context.js';
import type { Operations } from './operations.js';

/** What arrives with a call, unchecked. */
export interface CallEnvelope {
  readonly userId: string;
  /** W3C traceparent, or anything else, which is then replaced. */
  readonly traceId: string;
  /** Time left, milliseconds; 0 or less for the default. */
  readonly deadlineMs: number;
  /** The same in all attempts of one request. */
  readonly requestId?: string;
  /** Another attempt was sent before. */
  readonly isRepeat?: boolean;
  /** Resolves when the way back has room for pages, which whoever started the call gives back. Default: it has. */
  beginPages?(): Promise<void>;
}

/** Time for a call that names none, and the most that any call gets. */
const defaultDeadlineMs = 10_000;
const longestDeadlineMs = 60_000;

/** Characters. */
const requestIdLength = 64;

/** Pages that one pod reads side by side: at most some 3 MiB each. */
const pageReadsAtATime = 16;

/** Runs an operation for a caller: checks the envelope, measures, and turns whatever is thrown into a ChatError. */
export class CallRunner {
  private running = 0;
  private idle: (() => void)[] = [];
  private draining = false;
  private leaving = false;
  private readonly warnings: SparseWarnings;
  private readonly series = new Map<CallName, CallSeries>();
  private readonly leaveListeners = new Set<() => void>();
  /** Reading a page takes more memory than the page; a crowd that comes back must not fill the pod with it. */
  private readonly pages: ConcurrencyLimiter;

  constructor(
    private readonly operations: Operations,
    private readonly metrics: CallMetrics,
    private readonly logger: Logger,
    readonly clock: CallClock,
  ) {
    this.pages = new ConcurrencyLimiter(
      pageReadsAtATime,
      () => new ChatError('DEADLINE_EXCEEDED'),
      () => clock.now(),
    );
    this.warnings = new SparseWarnings(logger, () => clock.elapsedMs());
    metrics.callsInFlight.readBy(() => this.running);
  }

  /** Runs one call. Rejects only with a ChatError. */
  async run<Name extends CallName>(
    name: Name,
    envelope: CallEnvelope,
    request: RequestOf<Name>,
  ): Promise<ResponseOf<Name>> {
    const startedAt = this.clock.elapsedMs();
    const above = parseTraceparent(envelope.traceId) ? envelope.traceId : undefined;
    const span = startSpan(name, 'server', above);
    const traceId = span?.traceparent ?? above ?? newTraceparent();
    this.running++;
    let endPages: (() => void) | undefined;
    try {
      const asked = contextOf(name, envelope, traceId, span, this.clock.now());
      if (this.draining) throw new ChatError('SHUTTING_DOWN');
      const beginPages = async (): Promise<void> => {
        await envelope.beginPages?.();
        endPages = await this.pages.enter(asked.deadlineAt);
      };
      const context = calls[name].readsPages ? { ...asked, beginPages } : asked;
      const call = () => this.operations[name](context, request);
      const response = await runInSpan(span, call);
      this.answered(name, response, startedAt);
      span?.answered('OK');
      return response;
    } catch (thrown) {
      const error = toChatError(thrown, calls[name].effect === 'read' ? 'rejected' : 'unknown');
      this.metrics.calls.inc({ operation: name, code: error.reason });
      this.seriesOf(name).seconds.observe((this.clock.elapsedMs() - startedAt) / 1_000);
      this.log(name, error, traceId);
      span?.answered(error.reason, error.row.httpStatus >= 500, error.cause);
      throw error;
    } finally {
      endPages?.();
      this.running--;
      if (this.running === 0) for (const resolve of this.idle.splice(0)) resolve();
    }
  }

  /** The process will stop soon, and serves until `drain`. */
  leave(): void {
    this.leaving = true;
    for (const listener of this.leaveListeners) listener();
  }

  get isLeaving(): boolean {
    return this.leaving;
  }

  /** Adds a listener for `leave`; returns how to take it away. */
  onLeave(listener: () => void): () => void {
    this.leaveListeners.add(listener);
    return () => void this.leaveListeners.delete(listener);
  }

  /** Refuses new calls from now on and resolves when those under way are answered. */
  async drain(): Promise<void> {
    this.draining = true;
    if (this.running > 0) await new Promise<void>((resolve) => this.idle.push(resolve));
  }

  private answered(name: CallName, response: object, startedAt: number): void {
    const seconds = (this.clock.elapsedMs() - startedAt) / 1_000;
    const series = this.seriesOf(name);
    series.ok.inc();
    series.seconds.observe(seconds);
    if (name === 'sendMessage') this.metrics.sendDuration.observe(seconds);
    if ('deduplicated' in response && response.deduplicated === true) this.metrics.duplicateSends.inc();
  }

  /** What is counted of calls of this name: labels are looked up once. */
  private seriesOf(operation: CallName): CallSeries {
    const known = this.series.get(operation);
    if (known) return known;
    const { calls: counted, callSeconds } = this.metrics;
    const series = { ok: counted.of({ operation, code: 'OK' }), seconds: callSeconds.of({ operation }) };
    this.series.set(operation, series);
    return series;
  }

  private log(operation: CallName, error: ChatError, traceId: string): void {
    runWithTrace(parseTraceparent(traceId)?.traceId ?? '', () => {
      const line = { operation, code: error.reason, outcome: error.outcome };
      if (error.reason === 'INTERNAL') this.logger.error({ ...line, err: error.cause }, 'a call failed');
      else if (error.row.retryable)
        this.warnings.warn(error.reason, { ...line, err: error.cause }, 'calls cannot be served');
      else this.logger.debug(line, 'a call was refused');
    });
  }
}

function contextOf(
  name: CallName,
  { userId, deadlineMs, requestId, isRepeat = false }: CallEnvelope,
  traceId: string,
  span: Span | undefined,
  now: number,
): CallContext {
  if (!isUserId(userId) && !(userId === '' && calls[name].needsNoCaller)) {
    throw new ChatError('INVALID_MESSAGE', {
      message: 'the call names no user, or one whose id is not of the form or is reserved (docs/protocol.md, Ids)',
    });
  }
  if (requestId !== undefined && requestId.length > requestIdLength) {
    throw new ChatError('INVALID_MESSAGE', { message: `the call's request id is longer than ${requestIdLength}` });
  }
  const context = { userId: userId as UserId, traceId, span, deadlineAt: now + timeFor(deadlineMs) };
  return requestId ? { ...context, requestId, isRepeat } : context;
}

/** What is counted of calls. */
type CallMetrics = Pick<ChatMetrics, 'calls' | 'callSeconds' | 'callsInFlight' | 'sendDuration' | 'duplicateSends'>;

interface CallSeries {
  readonly ok: { inc(): void };
  readonly seconds: { observe(seconds: number): void };
}

/** What time it is for deadlines and durations, whatever time messages are given. */
export interface CallClock {
  /** Unix milliseconds. */
  now(): number;
  /** Milliseconds since some moment, which only rise. */
  elapsedMs(): number;
}

/** Milliseconds that a call gets which has so many left: 10 s when it names none, never more than 60 s. */
export function timeFor(deadlineMs: number): number {
  return deadlineMs > 0 ? Math.min(deadlineMs, longestDeadlineMs) : defaultDeadlineMs;
}
