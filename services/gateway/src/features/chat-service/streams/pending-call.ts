import { type Call, type CallResult, ChatError, type ErrorReason, errorTable } from '@parlance/proto';
import { type CallName, calls, type RequestOf, type ResponseOf } from '@parlance/proto/operations';
import { type Span, startSpan } from '@parlance/runtime';

/** One call on its way to the chat service, from the first attempt to its one answer. */
export class PendingCall<Name extends CallName = CallName> {
  /** Times that it was put on a stream. */
  attempts = 0;
  /** Attempts whose effect is not known: put on a stream and not answered there. */
  private openAttempts = 0;
  private current: CallState = 'open';
  private readonly requestId: string | undefined;
  private readonly span: Span | undefined;
  private readonly answer = Promise.withResolvers<ResponseOf<Name>>();

  constructor(
    readonly operation: Name,
    readonly request: RequestOf<Name>,
    readonly context: CallContext,
    newRequestId: () => string,
  ) {
    if (calls[operation].changesRoom) this.requestId = newRequestId();
    this.span = startSpan(operation, 'client', context.traceId);
  }

  /** Resolves with the response message, rejects with a ChatError. */
  get response(): Promise<ResponseOf<Name>> {
    return this.answer.promise;
  }

  get state(): CallState {
    return this.current;
  }

  /** It may be sent again after an attempt whose fate is unknown. */
  get repeatable(): boolean {
    return this.context.repeatable ?? calls[this.operation].repeatable;
  }

  get isWrite(): boolean {
    return calls[this.operation].effect === 'write';
  }

  /** Notes that it was put on a stream. */
  attempt(): void {
    this.attempts += 1;
    this.openAttempts += 1;
  }

  /** Notes that the newest attempt was answered, and had no effect. */
  turnedAway(): void {
    this.openAttempts -= 1;
  }

  /** The call as it stands in a frame written at `now`, Unix milliseconds. */
  toWire(callId: number, now: number): Call {
    const { userId, traceId, deadlineAt } = this.context;
    return {
      callId,
      userId,
      traceId: this.span?.traceparent ?? traceId,
      deadlineMs: Math.max(1, Math.round(deadlineAt - now)),
      ...(this.requestId === undefined ? {} : { requestId: this.requestId }),
      ...(this.attempts > 1 ? { isRepeat: true } : {}),
      [this.operation]: this.request,
    };
  }

  /** Ends the call with a result's response. A result without the expected response is a fault of the other side. */
  succeed(result: CallResult): void {
    const response = result[this.operation] as ResponseOf<Name> | undefined;
    if (response === undefined) return this.fail('INTERNAL', new Error(`result without ${this.operation}`));
    this.current = 'done';
    this.span?.set('parlance.attempts', this.attempts);
    this.span?.answered('OK');
    this.answer.resolve(response);
  }

  /**
   * Ends the call with the chat service's answer to its newest attempt. A rejection does not settle an earlier attempt
   * that was left without an answer.
   */
  reject(error: ChatError): void {
    const settled = error.outcome === 'unknown' || this.openAttempts <= 1 || !this.isWrite;
    this.end(settled ? error : withUnknownOutcome(error));
  }

  /** Ends the call with an error on the way; a write that was on a stream may have happened. */
  fail(reason: ErrorReason, cause?: unknown): void {
    const outcome = this.openAttempts > 0 && this.isWrite ? 'unknown' : 'rejected';
    this.end(new ChatError(reason, { outcome, cause }));
  }

  private end(error: ChatError): void {
    this.current = error.outcome === 'unknown' ? 'unknown' : 'done';
    this.span?.set('parlance.attempts', this.attempts);
    this.span?.answered(error.reason, error.row.httpStatus >= 500, error.cause);
    this.answer.reject(error);
  }
}

/** `unknown`: it has ended, and may have happened. */
export type CallState = 'open' | 'done' | 'unknown';

/** A reason that stands for "it was not done" cannot say this: then the cause has it, and the caller asks again. */
function withUnknownOutcome(error: ChatError): ChatError {
  const { reason, message, retryAfterMs, cause } = error;
  if (errorTable[reason].outcome === 'rejected') {
    return new ChatError('STORE_UNAVAILABLE', { outcome: 'unknown', cause: error });
  }
  return new ChatError(reason, {
    message,
    outcome: 'unknown',
    cause,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/** For whom and how a call is made. */
export interface CallContext {
  /** Empty for operations that need no caller. */
  readonly userId: string;
  /** W3C traceparent. */
  readonly traceId: string;
  /** When the caller gives up, Unix milliseconds. */
  readonly deadlineAt: number;
  /** Decides the pod; without it any pod will do. */
  readonly roomId?: string;
  /**
   * Calls of one line, all of one room, keep their order (R11: sends keep their order); without it a call stands by
   * itself.
   */
  readonly line?: string;
  /** Overrides what {@link calls} says, for a request that is more or less repeatable than others of its kind. */
  readonly repeatable?: boolean;
}
