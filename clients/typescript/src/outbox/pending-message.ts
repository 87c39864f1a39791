import type { ChatMessage, SentMessageType } from '@parlance/proto';
import type { ParlanceErrorCode } from '../parlance-error.js';

/** A message on its way, as an immutable snapshot; `room.pending` has the newest one. */
export interface PendingMessage {
  /** Its own name: every attempt carries it, so nothing is stored twice. */
  readonly clientMessageId: string;
  /** The room it goes to. */
  readonly roomId: string;
  /** The text. */
  readonly content: string;
  /** What kind of message it is. */
  readonly messageType: SentMessageType;
  /** As it was given to `send`. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Unix milliseconds, by this machine's clock. */
  readonly createdAt: number;
  /** `failed`: refused for good; `retry` or `discard` it. The other two need nothing from anybody. */
  readonly state: 'queued' | 'sending' | 'failed';
  /** Why the last attempt failed. */
  readonly error?: SendRefusal;
  /**
   * Resolves with the stored message, rejects with a `ParlanceError` when it is refused for good or its room is gone. Nobody
   * needs to listen. A `retry` makes a new one, and so does another program that finds the message in its outbox.
   */
  readonly done: Promise<ChatMessage>;
}

/** Why an attempt to send failed. */
export interface SendRefusal {
  /** What went wrong. */
  readonly code: ParlanceErrorCode;
  /** In words, for people. */
  readonly message: string;
  /** The same may succeed later without a change. */
  readonly retryable: boolean;
  /** `unknown`: it may be in the log all the same. */
  readonly outcome: 'rejected' | 'unknown';
}

/** What a message may have beside its text. */
export interface SendOptions {
  /** Default `text`. */
  readonly messageType?: SentMessageType;
  /** What the application wants to go along; `attachments` with an image or a file. JSON, at most 8 KiB. */
  readonly metadata?: Record<string, unknown>;
}
