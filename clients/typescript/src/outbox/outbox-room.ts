import type { ChatMessage } from '@parlance/proto';
import type { Internals } from '../internals.js';
import { ParlanceError } from '../parlance-error.js';
import { retryDelay } from '../time/retry-delay.js';
import type { OutboxEntry, OutgoingMessage } from './outbox-entry.js';
import { afterFailure, cutsOf, cutTooOften, nextToSend } from './outbox-policy.js';
import type { PendingMessage } from './pending-message.js';

/** The messages of one room on their way: a queue whose first one is in flight. */
export class OutboxRoom {
  private _entries: readonly OutboxEntry[] = [];
  private _pending: readonly PendingMessage[] | undefined;
  /** Failures since the last ack. */
  private failures = 0;
  private cancelWait: (() => void) | undefined;

  constructor(
    private readonly internals: Pick<Internals, 'clock' | 'random'>,
    private readonly way: WayOut,
    private readonly listener: OutboxRoomListener,
  ) {}

  /** Snapshots in the order of sending; the same list until one of them changes. */
  get pending(): readonly PendingMessage[] {
    this._pending ??= this._entries.map((entry) => entry.snapshot);
    return this._pending;
  }

  /** The messages themselves, in the order of sending. */
  get entries(): readonly OutboxEntry[] {
    return this._entries;
  }

  /** Appends a message. */
  add(entry: OutboxEntry): void {
    this._entries = [...this._entries, entry];
    this.changed();
  }

  /** Puts messages of an earlier time in front, except those that are here already. */
  restore(entries: readonly OutboxEntry[]): void {
    const isNew = ({ message }: OutboxEntry): boolean => this.find(message.clientMessageId) === undefined;
    this._entries = [...entries.filter(isNew), ...this._entries];
    this.changed();
  }

  /** Fails a message that is above a limit of the server, and answers whether it is. */
  refuse(entry: OutboxEntry): boolean {
    const error = this.way.refusalOf(entry.message);
    if (error) this.fail(entry, error);
    return error !== undefined;
  }

  /** A connection stands: nothing has to wait any longer. */
  resume(): void {
    this.cancelWait?.();
    this.cancelWait = undefined;
    this.pump();
  }

  /** Sends what can be sent. */
  pump(): void {
    if (this.cancelWait || !this.way.isOpen()) return;
    const entry = nextToSend(this._entries);
    if (!entry) return;
    if (this.refuse(entry)) return this.pump();
    if (!this.way.mayLeave(entry)) return;
    entry.sending();
    this.changed();
    void this.transmit(entry);
  }

  /** Sends a failed message once more, in its old place, when it is ready again. Answers it. */
  retry(clientMessageId: string): OutboxEntry | undefined {
    const entry = this.find(clientMessageId);
    if (entry?.state !== 'failed') return undefined;
    entry.retry();
    this.changed();
    return entry;
  }

  /** Forgets a failed message. */
  discard(clientMessageId: string): void {
    const entry = this.find(clientMessageId);
    if (entry?.state === 'failed') this.remove([entry]);
  }

  /** The log has reached `cursor` and shows these messages: what is among them is on its way no longer. */
  shown(cursor: number, messages: readonly ChatMessage[]): void {
    const byName = new Map(messages.map((message) => [message.clientMessageId, message]));
    const arrived = this._entries.filter((entry) => {
      const message = byName.get(entry.message.clientMessageId);
      if (message) entry.stored(message);
      return entry.messageId !== undefined && entry.messageId <= cursor;
    });
    this.remove(arrived);
    this.pump();
  }

  /** The log is another one: what was stored in the one before may not be in it, and is sent again. */
  beginAnew(): void {
    for (const entry of this._entries) if (entry.messageId !== undefined) entry.unstored();
    this.changed();
    this.pump();
  }

  /** Gives everything up and forgets it. */
  dropAll(error: ParlanceError): void {
    const entries = this._entries;
    this.letGo(error);
    for (const { message } of entries) this.listener.forgotten(message.clientMessageId);
  }

  /** Gives everything up; what the store has stays there. */
  letGo(error: ParlanceError): void {
    this.cancelWait?.();
    this.cancelWait = undefined;
    for (const entry of this._entries) entry.fail(error);
    this._entries = [];
    this.changed();
  }

  /** Never rejects. */
  private async transmit(entry: OutboxEntry): Promise<void> {
    let message: ChatMessage;
    try {
      message = await this.way.transmit(entry);
    } catch (thrown) {
      this.failed(entry, ParlanceError.from(thrown, 'INTERNAL'));
      return this.pump();
    }
    this.failures = 0;
    entry.stored(message);
    this.listener.sent(message);
    this.pump();
  }

  private failed(entry: OutboxEntry, error: ParlanceError): void {
    if (entry.state !== 'sending' || entry.messageId !== undefined || !this._entries.includes(entry)) return;
    const step = afterFailure(error, entry);
    if (step === 'fail') return this.fail(entry, error.code === 'DISCONNECTED' ? cutTooOften(error) : error);
    entry.requeue(error);
    this.changed();
    const cuts = cutsOf(error);
    if (cuts > 0) {
      entry.cut(cuts);
      this.listener.outdated(entry);
    }
    if (step === 'retryLater') this.wait(error.retryAfterMs);
  }

  private fail(entry: OutboxEntry, error: ParlanceError): void {
    entry.fail(error);
    this.listener.outdated(entry);
    this.changed();
  }

  /** Everything of the room waits, so that nothing overtakes what has to be sent again. */
  private wait(retryAfterMs: number | undefined): void {
    const { clock, random } = this.internals;
    const delayMs = retryDelay(retryAfterMs, this.failures, { firstMs: 300, capMs: 20_000 }, random);
    this.failures += 1;
    this.cancelWait ??= clock.after(delayMs, () => this.resume());
  }

  private remove(entries: readonly OutboxEntry[]): void {
    if (entries.length === 0) return;
    this._entries = this._entries.filter((entry) => !entries.includes(entry));
    for (const { message } of entries) this.listener.forgotten(message.clientMessageId);
    this.changed();
  }

  private find(clientMessageId: string): OutboxEntry | undefined {
    return this._entries.find(({ message }) => message.clientMessageId === clientMessageId);
  }

  private changed(): void {
    this._pending = undefined;
    this.listener.changed();
  }
}

/** How the messages of a room leave. */
export interface WayOut {
  /** Something may leave now. */
  isOpen(): boolean;
  /** Why a message need not be sent at all. */
  refusalOf(message: OutgoingMessage): ParlanceError | undefined;
  /** An attempt may begin beside those that are under way; when it may not, `pump` is called later. */
  mayLeave(entry: OutboxEntry): boolean;
  /** One attempt. Rejects with a ParlanceError. */
  transmit(entry: OutboxEntry): Promise<ChatMessage>;
}

/** Whom a room's queue tells. */
export interface OutboxRoomListener {
  /** `pending` is another list now. */
  changed(): void;
  /** The server has stored a message. */
  sent(message: ChatMessage): void;
  /** The store is to have a message as it is now: it was refused for good, or the connection ended under it and it is sent again once it is kept. */
  outdated(entry: OutboxEntry): void;
  /** A message need not be kept any more. */
  forgotten(clientMessageId: string): void;
}
