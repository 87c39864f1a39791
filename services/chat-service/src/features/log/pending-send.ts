import { ChatError, type ErrorOutcome, type UserId } from '@parlance/proto';
import type { MonthYear } from '@parlance/storage';
import { ObjectId } from 'mongodb';
import type { CallContext } from '../../requests/call-context.js';
import type { ClientKey, StoredSlot } from '../slots/message-store.js';

/** What a send stores. */
export interface MessageBody {
  readonly content: string;
  readonly messageType: 'text' | 'image' | 'file' | 'system';
  /** JSON text, empty when the message has none. */
  readonly metadataJson: string;
}

/** What became of a send. */
export interface SendResult {
  readonly slot: StoredSlot;
  /** An earlier attempt with the same client id had stored it. */
  readonly deduplicated: boolean;
}

/** A message that this pod has committed. */
export interface Committed {
  readonly send: PendingSend;
  readonly slot: StoredSlot;
}

/**
 * Tells of messages that this pod has just committed, ascending; called before they are acknowledged (R9: events are
 * hints). Must not throw.
 */
export type Announce = (roomId: string, messages: readonly Committed[]) => void;

/**
 * One message on its way into the log. Its `_id` stays the same over all attempts, so the log knows its own (R3: no
 * answer is no failure).
 */
export class PendingSend implements ClientKey {
  readonly _id = new ObjectId();
  readonly senderId: UserId;
  /** An insert with this message was not acknowledged: it may be stored, and a failure leaves the outcome unknown. */
  issued = false;
  /** Month whose predecessor was searched for the client id (R5: a client id makes a retry safe). */
  searchedFor: MonthYear | undefined;
  /** What the caller is told. */
  readonly result: Promise<SendResult>;
  /** Later sends with the same key, which share its fate. */
  private readonly duplicates: PendingSend[] = [];
  private resolve!: (result: SendResult) => void;
  private reject!: (error: ChatError) => void;

  constructor(
    readonly context: CallContext,
    readonly clientMessageId: string,
    readonly body: MessageBody,
    readonly bodyHash: string,
    /** State of the room under which the send was allowed. */
    readonly place: { readonly memberRev: number; readonly rev: number; readonly epoch: number },
  ) {
    this.senderId = context.userId;
    this.result = new Promise<SendResult>((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  /** Names this message within its room. */
  get key(): string {
    return `${this.senderId}\n${this.clientMessageId}`;
  }

  /** UTF-8 size is at most three times this; good enough to keep a batch small. */
  get size(): number {
    return this.body.content.length + this.body.metadataJson.length;
  }

  /** Lets a send with the same key share the fate of this one, whatever this one's caller has been told by then. */
  join(duplicate: PendingSend): void {
    this.duplicates.push(duplicate);
  }

  /**
   * Tells those callers, of this send and of those that joined it, who have given up by `now`. What becomes of the message
   * stays open, so the outcome is unknown to them.
   */
  abandon(now: number, error: ChatError): void {
    const told = withOutcome(error, 'unknown');
    for (const send of [this, ...this.duplicates]) if (send.context.deadlineAt <= now) send.reject(told);
  }

  /** Whether a caller has given up by `now`, Unix milliseconds. */
  isLate(now: number): boolean {
    return this.context.deadlineAt <= now || this.duplicates.some(({ context }) => context.deadlineAt <= now);
  }

  /** Whether a caller still waits for it at `now`, Unix milliseconds. */
  isAwaited(now: number): boolean {
    return this.context.deadlineAt > now || this.duplicates.some(({ context }) => context.deadlineAt > now);
  }

  /** When the next of its callers gives up after `now`, Unix milliseconds; infinite when none will. */
  nextDeadline(now: number): number {
    const deadlines = [this, ...this.duplicates].map(({ context }) => context.deadlineAt);
    return Math.min(...deadlines.filter((at) => at > now));
  }

  /** The message stands in the log. A record of another attempt must have the same body. */
  settle(slot: StoredSlot): void {
    for (const duplicate of this.duplicates) duplicate.settle(slot);
    // Of an erased one nothing is left to compare with.
    if (!slot.erased && slot.bodyHash !== this.bodyHash) {
      this.reject(new ChatError('IDEMPOTENCY_CONFLICT'));
      return;
    }
    this.resolve({ slot, deduplicated: !slot._id.equals(this._id) });
  }

  /** It failed; the outcome is unknown once an insert was sent (R3: no answer is no failure). */
  fail(error: ChatError): void {
    const told = withOutcome(error, this.issued ? 'unknown' : error.outcome);
    for (const send of [this, ...this.duplicates]) send.reject(told);
  }
}

function withOutcome({ reason, message, cause, retryAfterMs }: ChatError, outcome: ErrorOutcome): ChatError {
  return new ChatError(reason, { message, cause, ...(retryAfterMs === undefined ? {} : { retryAfterMs }), outcome });
}
