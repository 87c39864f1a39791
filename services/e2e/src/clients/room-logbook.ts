import type { ChatMessage } from '@parlance/proto';

/**
 * What one client has seen of one room: the messages above where it started, in the order in which it could show them.
 * Live messages that come before the resume has reached them wait for it. Notes what a gateway must not do: on one
 * connection every live message is the next one, from the head that `ready` named.
 */
export class RoomLogbook {
  /** In the order of showing. */
  readonly messages: ChatMessage[] = [];
  private readonly early = new Map<number, ChatMessage>();
  /** Newest live message of this connection, or the head that it began with. */
  private liveUpTo: number;

  constructor(
    readonly roomId: string,
    readonly start: number,
    private readonly listener: RoomLogbookListener,
  ) {
    this.liveUpTo = start;
  }

  /** Id of the newest message that was shown. */
  get cursor(): number {
    return this.messages.at(-1)?.messageId ?? this.start;
  }

  /** Messages are known to exist that have not been shown. */
  get isBehind(): boolean {
    return this.cursor < this.liveUpTo;
  }

  /** A new connection begins; its live messages follow `head`. */
  connected(head: number): void {
    this.liveUpTo = head;
    this.early.clear();
  }

  /** The gateway says that it sends no live messages up to `head`. */
  skipTo(head: number): void {
    this.liveUpTo = Math.max(this.liveUpTo, head);
  }

  /** Takes a live message. */
  live(message: ChatMessage): void {
    const expected = this.liveUpTo + 1;
    if (message.messageId !== expected)
      this.listener.onFault(`${this.roomId}: live ${message.messageId} after ${this.liveUpTo}`);
    this.liveUpTo = Math.max(this.liveUpTo, message.messageId);
    this.early.set(message.messageId, message);
    this.showEarly();
  }

  /** Takes a page of a resume, which begins behind the cursor at the time of asking. */
  resumed(messages: readonly ChatMessage[], hasMore: boolean): void {
    for (const message of messages) {
      if (message.messageId <= this.cursor) continue; // Came live since.
      if (message.messageId !== this.cursor + 1)
        this.listener.onFault(`${this.roomId}: resumed with a hole at ${this.cursor + 1}`);
      this.show(message);
    }
    if (!hasMore) this.showEarly();
  }

  private showEarly(): void {
    for (const id of this.early.keys()) if (id <= this.cursor) this.early.delete(id);
    for (let next = this.early.get(this.cursor + 1); next; next = this.early.get(this.cursor + 1)) {
      this.early.delete(next.messageId);
      this.show(next);
    }
  }

  private show(message: ChatMessage): void {
    this.messages.push(message);
    this.listener.onShown(message);
  }
}

/** Whom a {@link RoomLogbook} tells. */
export interface RoomLogbookListener {
  /** What a gateway must not do. */
  onFault(fault: string): void;
  /** A message that could be shown now, in order. */
  onShown(message: ChatMessage): void;
}
