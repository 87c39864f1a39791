import type { UserId } from '@parlance/proto';
import type { Span } from '@parlance/runtime';

/** For whom a call is made and how long it may take; the same for a unary RPC and a call on the stream. */
export interface CallContext {
  readonly userId: UserId;
  /** W3C traceparent. */
  readonly traceId: string;
  /** There where the call is traced. */
  readonly span?: Span | undefined;
  /** When the caller gives up, Unix milliseconds. */
  readonly deadlineAt: number;
  /** The same in all attempts of one request; undefined for a caller that makes only one. */
  readonly requestId?: string;
  /** Another attempt of the request was sent before, and may still be carried out. Default false. */
  readonly isRepeat?: boolean;
  /**
   * Resolves when it is the call's turn to hold pages of messages or rooms; the turn ends with the call. Whoever reads them
   * calls it once, before: what is small is read without a turn.
   * @throws ChatError (rejects) DEADLINE_EXCEEDED.
   */
  beginPages?(): Promise<void>;
}
