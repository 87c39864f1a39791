import type { UserId } from '@parlance/proto';
import type { TokenLife } from './token-life.js';

/** Who makes a request, and the marks that follow it through the chat service. */
export interface Caller {
  readonly userId: UserId;
  /** W3C traceparent of this one request. */
  readonly traceId: string;
  /** When the request is given up, Unix milliseconds. */
  readonly deadlineAt: number;
  /** The connection that the request came on; absent over HTTP. */
  readonly session?: CallerSession;
}

/** Makes the callers of requests that arrive now: each has `timeoutMs` for its answer. */
export class Callers {
  constructor(
    private readonly timeoutMs: number,
    private readonly now: () => number,
  ) {}

  of(userId: UserId, traceId: string): Caller {
    return { userId, traceId, deadlineAt: this.now() + this.timeoutMs };
  }
}

/** A connection: its token can be exchanged, and its sends keep their order. */
export interface CallerSession {
  /** Unlike that of any other connection of this gateway. */
  readonly id: string;
  /** From now on the connection lives as long as this token. */
  renew(token: TokenLife): void;
}
