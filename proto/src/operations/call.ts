import type { Call, CallResult } from '../gen/chat/v1/exchange.js';

/** Name of a call of `chat.v1`: a field of `Call.request`, and with a capital its unary RPC. */
export type CallName = Exclude<keyof Call, 'callId' | 'userId' | 'traceId' | 'deadlineMs' | 'requestId' | 'isRepeat'>;

/** The request message of a call. */
export type RequestOf<Name extends CallName> = NonNullable<Call[Name]>;

/** The response message of a call. */
export type ResponseOf<Name extends CallName> = NonNullable<CallResult[Name]>;

/** What both ends have to know of a call. */
export interface CallTraits {
  /** A write whose answer is lost has an unknown outcome; a read simply did not happen. */
  readonly effect: 'read' | 'write';
  /**
   * Asking twice is the same as asking once: sends carry a clientMessageId (R5: a client id makes a retry safe), joins
   * and leaves a request id.
   */
  readonly repeatable: boolean;
  /** A room is changed once for all attempts: one that comes late does not undo what came after the first. */
  readonly changesRoom?: true;
  /** Answered about rooms as such, or said by the installation itself: there is no user. */
  readonly needsNoCaller?: true;
  /** Its answer may be as large as `limits.answerBytes`: only so many are read at a time. */
  readonly readsPages?: true;
}
