/** A room of the faulty gateway. */
export class FaultyRoom {
  private readonly messages: StoredMessage[] = [];
  private readonly left: Partial<Record<keyof PlantedFaults, number>>;
  private held: StoredMessage | undefined;

  constructor(
    readonly roomId: string,
    private readonly participants: readonly string[],
    faults: PlantedFaults,
  ) {
    this.left = { ...faults };
  }

  /** The newest id. */
  get head(): number {
    return this.messages.length;
  }

  /** To whom mistakes happen. */
  get victim(): string | undefined {
    return this.participants.at(-1);
  }

  /** The place of a participant, from 0. */
  numberOf(userId: string): number {
    return this.participants.indexOf(userId);
  }

  /** Whether that is a participant. */
  has(userId: string): boolean {
    return this.participants.includes(userId);
  }

  /** Stores a message, hands it to everybody, acknowledges. */
  send(payload: object, ack: (answer: object) => void, deliver: (userId: string, message: object) => void): void {
    const messageId = this.head + 1;
    if (this.takes('refused', messageId)) {
      const error = { code: 'RATE_LIMITED', message: 'Planted.', outcome: 'rejected', retryAfterMs: 1 };
      return ack({ success: false, error });
    }
    const message = { content: '', ...payload, messageId };
    this.messages.push(message);
    for (const userId of this.participants) {
      if (userId === this.victim) this.deliverToVictim(message, (each) => deliver(userId, each));
      else deliver(userId, message);
    }
    if (!this.takes('unanswered', messageId)) ack({ success: true, data: message });
  }

  /** A page of the history as the ack of `getHistory`. */
  page({ limit, ...cursor }: { limit: number; afterId?: number; beforeId?: number }): object {
    const [first, last] =
      cursor.beforeId === undefined
        ? [(cursor.afterId ?? 0) + 1, (cursor.afterId ?? 0) + limit]
        : [Math.max(1, cursor.beforeId - limit), cursor.beforeId - 1];
    const page = this.messages.slice(first - 1, last);
    if (this.takes('pageRefused', 0))
      return { success: false, error: { code: 'INTERNAL', message: 'Planted.', outcome: 'rejected' } };
    const hasMore = cursor.beforeId === undefined ? last < this.head : first > 1;
    return { success: true, data: this.spoil(page, 'pageLacks', 'pageTwice', 'pageLate'), hasMore };
  }

  /** What somebody missed, as the answer of `resume` for this room. */
  missed(userId: string, after: number): object {
    const missed = this.messages.slice(after);
    const messages = userId === this.victim ? this.spoil(missed, 'missedLacks', 'missedTwice', 'missedLate') : missed;
    return { messages, events: [], head: this.head, rev: 0, hasMore: false };
  }

  private deliverToVictim(message: StoredMessage, deliver: (message: StoredMessage) => void): void {
    const { messageId } = message;
    if (this.takes('lost', messageId)) return;
    if (this.takes('late', messageId)) {
      this.held = message;
      return;
    }
    deliver(this.takes('altered', messageId) ? { ...message, content: 'Planted.' } : message);
    if (this.takes('twice', messageId)) deliver(message);
    if (this.held !== undefined) deliver(this.held);
    this.held = undefined;
  }

  private spoil(
    messages: readonly StoredMessage[],
    lacks: keyof PlantedFaults,
    twice: keyof PlantedFaults,
    late: keyof PlantedFaults,
  ): readonly StoredMessage[] {
    const spoilt = messages
      .filter(({ messageId }) => !this.takes(lacks, messageId))
      .flatMap((message) => (this.takes(twice, message.messageId) ? [message, message] : [message]));
    const index = spoilt.findIndex(({ messageId }) => this.takes(late, messageId));
    return index < 0 ? spoilt : spoilt.toSpliced(index, 2, ...spoilt.slice(index, index + 2).toReversed());
  }

  /** Whether a mistake is to be made with that message; each is made once. */
  private takes(fault: keyof PlantedFaults, messageId: number): boolean {
    if (this.left[fault] !== messageId) return false;
    delete this.left[fault];
    return true;
  }
}

/** The id of the message with which each mistake is made. */
export interface PlantedFaults {
  /** The victim does not get it live. */
  readonly lost?: number;
  /** The victim gets it twice. */
  readonly twice?: number;
  /** The victim gets it after the next one. */
  readonly late?: number;
  /** The victim gets it with another text. */
  readonly altered?: number;
  /** It is stored and delivered, and its send has no ack. */
  readonly unanswered?: number;
  /** The send that would have become this one is refused with RATE_LIMITED. */
  readonly refused?: number;
  /** The first page with it lacks it, has it twice, or after the next one. */
  readonly pageLacks?: number;
  readonly pageTwice?: number;
  readonly pageLate?: number;
  /** 0: the first request for a page is refused. */
  readonly pageRefused?: 0;
  /** The same in what the victim missed. */
  readonly missedLacks?: number;
  readonly missedTwice?: number;
  readonly missedLate?: number;
}

interface StoredMessage {
  readonly messageId: number;
  readonly content: string;
}
