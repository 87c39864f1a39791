import type { SentMessageType } from '@parlance/proto';
import type { SendRefusal } from '../pending-message.js';

/**
 * Where messages wait that have not reached the log, so that they outlive the program that wrote them. What is called
 * later takes effect later. What it cannot do it rejects: the client tells that as an `error` event and goes on without.
 * Every adapter passes `outboxStoreContract`.
 */
export interface OutboxStore {
  /** Everything put and not removed, of all users, in the order it was first put. */
  all(): Promise<readonly StoredSend[]>;
  /** Adds a message, or replaces the one with the same `clientMessageId` in its place. Resolves when it is kept. */
  put(send: StoredSend): Promise<void>;
  /** Forgets a message; no matter whether it was there. */
  remove(clientMessageId: string): Promise<void>;
}

/** A message to send, with all that another attempt needs. Made of nothing that JSON does not have. */
export interface StoredSend {
  /** Its own name, under which the server stores it once. */
  readonly clientMessageId: string;
  /** Whose message it is: nobody else's client sends it. */
  readonly userId: string;
  /** The room it goes to. */
  readonly roomId: string;
  /** The text. */
  readonly content: string;
  /** What kind of message it is. */
  readonly messageType: SentMessageType;
  /** As it was given to `send`. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Unix milliseconds. */
  readonly createdAt: number;
  /** Rises with the order of sending; a store may have got them in another one. Absent in what older versions put: before all. */
  readonly place?: number;
  /** How often the connection ended under it; see `outbox-policy`. Absent: never. */
  readonly cuts?: number;
  /** It was refused for good, and waits for `retry` or `discard`. */
  readonly refusal?: SendRefusal;
}
