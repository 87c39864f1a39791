import { type CallResult, type ChatError, type ErrorReason, fromCallError } from '@parlance/proto';
import type { CallName, RequestOf, ResponseOf } from '@parlance/proto/operations';
import type { ExchangeStream } from '../streams/exchange-stream.js';
import type { CallListener, ExchangeStreams } from '../streams/exchange-streams.js';
import { type CallContext, PendingCall } from '../streams/pending-call.js';
import type { OrderedQueue } from './ordered-queue.js';
import { OrderedQueues } from './ordered-queues.js';
import type { Retries } from './retries.js';
import { isWorthRepeating, type RetryFacts } from './retry-policy.js';

/** Beyond this the chat service is so far behind that more waiting calls would only time out. */
const maxInFlight = 20_000;

/** Calls whose time is over are looked for no more often than this. */
const leastPauseMs = 50;

/** As long as a call has by default. */
const holdMs = 10_000;

/**
 * Makes calls over the {@link ExchangeStreams} to all chat-service pods. What a broken stream, a stopping pod or a store that is away
 * left undone is sent again, as far as {@link refuseRetry} allows it, in the order of its
 * {@link OrderedQueue}. When a call of a line ends with an unknown outcome, or is given up, the calls behind it that are
 * not in flight fail after those that are, in their order and without being sent, until the line is empty.
 *
 * Everything from `call` to the frame happens in one turn: calls leave in the order in which they were made.
 */
export class ChatServicePool implements CallListener {
  private readonly lines = new OrderedQueues();
  /** When a call found no stream for the first time since one was up, Unix milliseconds. */
  private downSince: number | undefined;
  private closing = false;
  private readonly up = Promise.withResolvers<void>();
  private look: NodeJS.Timeout | undefined;
  /** When calls are next looked for whose time is over, Unix milliseconds. */
  private lookAt = Number.POSITIVE_INFINITY;

  constructor(
    private readonly streams: ExchangeStreams,
    private readonly retries: Retries,
    private readonly now: () => number,
    private readonly newRequestId: () => string,
  ) {
    streams.listen(this);
  }

  /**
   * Makes one call; resolves with its response message.
   *
   * While no pod is up it waits for one, until its deadline; once none has been up for 10 s it does not.
   *
   * @throws ChatError (rejects): what the chat service said; STORE_UNAVAILABLE when no pod is up, the stream broke, or a
   *   call before it in its line failed; DEADLINE_EXCEEDED. The outcome of a write that was on a broken stream or ran
   *   out of time is `unknown`.
   */
  call<Name extends CallName>(
    operation: Name,
    request: RequestOf<Name>,
    context: CallContext,
  ): Promise<ResponseOf<Name>> {
    const call = new PendingCall(operation, request, context, this.newRequestId);
    this.begin(call as unknown as PendingCall);
    return call.response;
  }

  /**
   * Makes one call to each pod that is up, where each has an answer of its own; resolves with what came of them. A pod that is
   * stopping may have another one answer in its place.
   */
  callEach<Name extends CallName>(
    operation: Name,
    request: RequestOf<Name>,
    context: Omit<CallContext, 'roomId' | 'line'>,
  ): Promise<PromiseSettledResult<ResponseOf<Name>>[]> {
    const up = [...this.streams.all()].filter(({ state }) => state === 'up');
    return Promise.allSettled(
      up.map((stream) => {
        const call = new PendingCall(operation, request, { ...context, repeatable: false }, this.newRequestId);
        this.begin(call as unknown as PendingCall, stream);
        return call.response;
      }),
    );
  }

  /** Resolves when the first stream has come up; never before, and not at all when none does. */
  get firstUp(): Promise<void> {
    return this.up.promise;
  }

  /** Calls waiting for a result. */
  get inFlight(): number {
    return this.lines.callCount;
  }

  /** Ends all streams; what is still in flight fails with SHUTTING_DOWN. */
  close(): void {
    clearTimeout(this.look);
    this.closing = true;
    this.streams.close();
    for (const line of this.lines.waiting) {
      for (const call of line.calls) this.giveUp(line, call, 'SHUTTING_DOWN');
    }
  }

  private begin(call: PendingCall, only?: ExchangeStream): void {
    const line = this.lines.lineFor(call);
    const stream = line.isHeldUp ? undefined : (only ?? line.stream ?? this.streams.choose(line.roomId));
    if (this.lines.callCount >= maxInFlight || (stream === undefined && !line.isHeldUp && !this.mayHold())) {
      call.fail('STORE_UNAVAILABLE');
      return;
    }
    this.retries.earn();
    this.lines.join(line, call);
    this.lookNoLaterThan(call.context.deadlineAt);
    if (stream) this.put(line, call, stream);
    else this.hold(line);
  }

  /** A pod may be up again in a moment; after a while callers are better told at once. */
  private mayHold(): boolean {
    this.downSince ??= this.now();
    return !this.closing && this.now() - this.downSince < holdMs;
  }

  private put(line: OrderedQueue, call: PendingCall, stream: ExchangeStream): void {
    line.send(call, stream);
    this.streams.send(call, stream);
  }

  /** A stream has come up. */
  onUp(): void {
    this.up.resolve();
    this.downSince = undefined;
    for (const line of this.lines.waiting) this.advance(line);
  }

  /** Calls are on a stream no more. */
  onBreak(stream: ExchangeStream, calls: readonly PendingCall[]): void {
    for (const call of calls) this.stopIfOvertaken(this.lines.lineOf(call), call);
    const broken = calls.map((call) => ({ call, line: this.takeBack(stream, call) }));
    for (const { call, line } of broken) {
      if (this.closing) this.giveUp(line, call, 'SHUTTING_DOWN');
      else if (!this.repeat(line, call, 'unknown')) this.giveUp(line, call, 'STORE_UNAVAILABLE');
    }
    for (const line of new Set(broken.map(({ line }) => line))) this.advance(line);
  }

  /** A call was answered. */
  onResult(stream: ExchangeStream, call: PendingCall, result: CallResult): void {
    const line = this.takeBack(stream, call);
    const error = result.error && fromCallError(result.error);
    if (error === undefined || error.outcome === 'unknown') this.stopIfOvertaken(line, call);
    if (error === undefined) this.end(line, call, () => call.succeed(result));
    else if (!this.repeatAfter(error, stream, line, call)) this.end(line, call, () => call.reject(error));
    this.advance(line);
  }

  /** A call that may have happened makes the older ones that wait too late: theirs would be the wrong place. */
  private stopIfOvertaken(line: OrderedQueue, call: PendingCall): void {
    if (line.hasOvertaken(call)) line.stop();
  }

  private takeBack(stream: ExchangeStream, call: PendingCall): OrderedQueue {
    const line = this.lines.lineOf(call);
    line.takeBack(call);
    this.streams.end(line.roomId, stream);
    return line;
  }

  /** Has a call sent again whose answer need not be the last word; false when it has to be. */
  private repeatAfter(error: ChatError, stream: ExchangeStream, line: OrderedQueue, call: PendingCall): boolean {
    const isTurnedAway = error.reason === 'SHUTTING_DOWN' && error.outcome === 'rejected';
    if (isTurnedAway) stream.markDraining();
    else if (!isWorthRepeating(error)) return false;
    const isRepeated = this.repeat(line, call, isTurnedAway ? 'none' : error.outcome);
    if (!isRepeated) line.stop();
    else if (error.outcome === 'rejected') call.turnedAway();
    return isRepeated;
  }

  /** Has a call sent again as soon as it may be; false when it must not be. */
  private repeat(line: OrderedQueue, call: PendingCall, effect: RetryFacts['effect']): boolean {
    if (line.isStopped) return false;
    const pauseMs = this.retries.pauseMs(call, effect);
    if (pauseMs === undefined) return false;
    line.notBefore = Math.max(line.notBefore, this.now() + pauseMs);
    this.hold(line);
    if (pauseMs > 0) setTimeout(() => this.advance(line), pauseMs).unref();
    return true;
  }

  /** Does what can be done for the calls of a line that are not in flight. Does nothing for a line without. */
  private advance(line: OrderedQueue): void {
    if (line.isEmpty || line.stream !== undefined) return;
    if (line.isStopped) {
      for (const call of line.calls) this.end(line, call, () => call.fail('STORE_UNAVAILABLE'));
      return;
    }
    const stream = line.notBefore > this.now() ? undefined : this.streams.choose(line.roomId);
    if (stream === undefined) return;
    this.lines.release(line);
    for (const call of line.calls) {
      if (call.attempts > 0) this.retries.retried();
      this.put(line, call, stream);
    }
  }

  private giveUp(line: OrderedQueue, call: PendingCall, reason: ErrorReason): void {
    this.end(line, call, () => call.fail(reason));
    line.stop();
  }

  private end(line: OrderedQueue, call: PendingCall, settle: () => void): void {
    settle();
    if (call.state === 'unknown') line.stop();
    this.lines.leave(line, call);
  }

  /** Something of a line has to be sent as soon as that is possible. */
  private hold(line: OrderedQueue): void {
    this.lines.hold(line);
    this.lookNoLaterThan(this.now());
  }

  /** One timer for all calls: while none is near its deadline it does not go off. */
  private lookNoLaterThan(at: number): void {
    if (this.lookAt <= at || this.closing) return;
    clearTimeout(this.look);
    this.lookAt = at;
    const pauseMs = Math.max(leastPauseMs, at - this.now());
    this.look = setTimeout(() => {
      this.lookAt = Number.POSITIVE_INFINITY;
      this.expire(this.now());
      this.lookNoLaterThan(this.lines.waiting.length > 0 ? this.now() : this.earliestDeadline());
    }, pauseMs).unref();
  }

  private earliestDeadline(): number {
    let earliest = Number.POSITIVE_INFINITY;
    for (const stream of this.streams.all()) earliest = Math.min(earliest, stream.earliestDeadline());
    return earliest;
  }

  private expire(now: number): void {
    for (const stream of this.streams.all()) {
      for (const call of stream.takeExpired(now)) {
        const line = this.takeBack(stream, call);
        this.giveUp(line, call, 'DEADLINE_EXCEEDED');
        this.advance(line);
      }
    }
    for (const line of this.lines.waiting) {
      for (const call of line.waiting) {
        if (call.context.deadlineAt > now) continue;
        this.giveUp(line, call, call.attempts === 0 ? 'STORE_UNAVAILABLE' : 'DEADLINE_EXCEEDED');
      }
      this.advance(line);
    }
  }
}
