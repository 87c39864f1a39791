import type { ChatMessage } from '@parlance/proto';
import { ParlanceError } from '../parlance-error.js';
import { type Deferred, deferred } from '../time/deferred.js';
import type { PendingMessage, SendRefusal } from './pending-message.js';
import type { StoredSend } from './stores/outbox-store.js';

/** One message on its way, with what became of its attempts. */
export class OutboxEntry {
  private _state: PendingMessage['state'] = 'queued';
  private _error: SendRefusal | undefined;
  private _isReady = false;
  private place: number | undefined;
  /** An attempt ended without anybody knowing what became of it. */
  private mayBeStored = false;
  private _internalFailures = 0;
  private _cuts = 0;
  private _messageId: number | undefined;
  private done = quietDeferred();
  private _snapshot: PendingMessage | undefined;

  constructor(readonly message: OutgoingMessage) {}

  /** A message that another program left behind: whether it was sent already is not known. */
  static restored(stored: StoredSend): OutboxEntry {
    const { userId: _, refusal, cuts = 0, place = 0, ...message } = stored;
    const entry = new OutboxEntry(message);
    entry._cuts = cuts;
    entry.place = place;
    entry._isReady = true;
    if (refusal) entry.fail(new ParlanceError(refusal));
    entry.mayBeStored = refusal?.outcome !== 'rejected';
    return entry;
  }

  get state(): PendingMessage['state'] {
    return this._state;
  }

  /** It was put in the store, or cannot be: an attempt may leave. */
  get isReady(): boolean {
    return this._isReady;
  }

  /** Why the last attempt failed. */
  get error(): SendRefusal | undefined {
    return this._error;
  }

  /** Its place in the log, once it is known to be stored. */
  get messageId(): number | undefined {
    return this._messageId;
  }

  /** Attempts that failed with `INTERNAL`. */
  get internalFailures(): number {
    return this._internalFailures;
  }

  /** What the ends of connections say against it; an answer of the server takes it back. */
  get cuts(): number {
    return this._cuts;
  }

  /** As the store keeps it; `nextPlace` is asked the first time. */
  toStore(userId: string, nextPlace: () => number): StoredSend {
    this.place ??= nextPlace();
    return {
      ...this.message,
      userId,
      place: this.place,
      ...(this._cuts === 0 ? {} : { cuts: this._cuts }),
      ...(this._state === 'failed' && this._error ? { refusal: this._error } : {}),
    };
  }

  /** As it is now; the same object until it changes. */
  get snapshot(): PendingMessage {
    const error = this._error ? { error: this._error } : {};
    this._snapshot ??= { ...this.message, state: this._state, ...error, done: this.done.promise };
    return this._snapshot;
  }

  /** See {@link isReady}. */
  ready(): void {
    this._isReady = true;
  }

  /** An attempt begins. */
  sending(): void {
    this.become('sending', this._error);
  }

  /** An attempt failed and another one will follow. */
  requeue(error: ParlanceError): void {
    this.count(error);
    this.become('queued', refusalOf(error));
  }

  /** It is in the log. */
  stored(message: ChatMessage): void {
    this._messageId = message.messageId;
    if (this._state === 'failed') this.done = quietDeferred();
    this.become('sending', undefined);
    this.done.resolve(message);
  }

  /** It was in the log, and is no more. */
  unstored(): void {
    this._messageId = undefined;
    this.become('queued', undefined);
  }

  /** It is refused for good. After an attempt that may have been stored the outcome stays unknown. */
  fail(error: ParlanceError): void {
    if (this._messageId !== undefined) return;
    this.count(error);
    const { code, message, retryable } = error;
    const final = this.mayBeStored ? new ParlanceError({ code, message, retryable, outcome: 'unknown' }) : error;
    this.become('failed', refusalOf(final));
    this.done.reject(final);
  }

  /** The connection has ended under an attempt: this has to be in the store before the next one. */
  cut(cuts: number): void {
    this._cuts += cuts;
    this._isReady = false;
  }

  /** Begins again after a refusal. */
  retry(): void {
    this.done = quietDeferred();
    this._isReady = false;
    this._internalFailures = 0;
    this._cuts = 0;
    this.become('queued', undefined);
  }

  /** A server that does not understand its own failure cannot vouch for what it did. */
  private count({ code, outcome }: ParlanceError): void {
    if (code === 'INTERNAL') this._internalFailures += 1;
    if (code !== 'DISCONNECTED') this._cuts = 0;
    this.mayBeStored ||= outcome === 'unknown' || code === 'INTERNAL';
  }

  private become(state: PendingMessage['state'], error: SendRefusal | undefined): void {
    this._state = state;
    this._error = error;
    this._snapshot = undefined;
  }
}

/** A message as its sender wrote it. */
export type OutgoingMessage = Omit<StoredSend, 'userId' | 'refusal' | 'cuts' | 'place'>;

function refusalOf({ code, message, retryable, outcome }: ParlanceError): SendRefusal {
  return { code, message, retryable, outcome };
}

/** A promise whose rejection is no fault when nobody listens. */
function quietDeferred(): Deferred<ChatMessage> {
  const quiet = deferred<ChatMessage>();
  quiet.promise.catch(() => undefined);
  return quiet;
}
