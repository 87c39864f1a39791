import type {
  AckSuccess,
  ChatMessage,
  ChatRoom,
  ClientRequests,
  Participant,
  ResumedRoom,
  RoomEvent,
} from '@parlance/proto';

/** A room in memory: its log of messages, its log of events and its marks. */
export class FakeRoom {
  readonly messages: ChatMessage[] = [];
  readonly events: RoomEvent[] = [];
  readonly marks = new Map<string, { delivered: number; read: number }>();
  participants: readonly string[];
  metadata: ChatRoom['metadata'] = {};
  /** Ids below cannot be had. */
  firstAvailableId = 1;
  /** Messages of a page of `resume` and `getHistory` at most. */
  pageItems = 200;
  /** Participants that a list names at most. */
  listedParticipants = 20;
  /** Of its log. */
  epoch = 1;

  constructor(
    readonly roomId: string,
    participants: readonly string[],
    private readonly now: () => number,
  ) {
    this.participants = participants;
  }

  get head(): number {
    return this.messages.length;
  }

  get rev(): number {
    return this.events.length;
  }

  /** A participant as the others see them. */
  place(userId: string): Participant {
    const { delivered: deliveredUpTo, read: readUpTo } = this.marks.get(userId) ?? { delivered: 0, read: 0 };
    return { userId, role: 'participant', joinedAt: 1, deliveredUpTo, readUpTo };
  }

  append(senderId: string, content: string, clientMessageId: string): ChatMessage {
    const message: ChatMessage = {
      messageId: this.head + 1,
      roomId: this.roomId,
      senderId,
      content,
      timestamp: this.now(),
      monthYear: '2026-01',
      status: 'sent',
      deliveredTo: [],
      readBy: [],
      messageType: 'text',
      clientMessageId,
    };
    this.messages.push(message);
    this.mark(senderId, 'read', message.messageId);
    return message;
  }

  /**
   * What a backup does that is put back by hand: everything above `head` and `rev` is gone, and so are marks above it. A
   * restore raises `epoch` besides.
   */
  goBack(head: number, rev = this.rev): void {
    this.messages.length = head;
    this.events.length = rev;
    for (const [userId, { delivered, read }] of this.marks)
      this.marks.set(userId, { delivered: Math.min(delivered, head), read: Math.min(read, head) });
  }

  /** Somebody comes or goes, or the room gets another name. */
  change(change: { kind: 'joined' | 'left'; userId: string } | { kind: 'updated'; name: string }): RoomEvent {
    const base = { rev: this.rev + 1, by: 'ann', timestamp: this.now() };
    if (change.kind === 'updated') {
      this.metadata = { name: change.name };
      this.events.push({
        ...base,
        kind: 'updated',
        metadata: this.metadata,
        joinRule: 'invite',
        historyVisibility: 'shared',
      });
    } else {
      const others = this.participants.filter((userId) => userId !== change.userId);
      this.participants = change.kind === 'joined' ? [...others, change.userId] : others;
      this.events.push(
        change.kind === 'joined'
          ? { ...base, kind: 'joined', userId: change.userId, role: 'participant' }
          : { ...base, kind: 'left', userId: change.userId },
      );
    }
    return this.events.at(-1) as RoomEvent;
  }

  mark(userId: string, kind: 'delivered' | 'read', messageId: number): void {
    const { delivered = 0, read = 0 } = this.marks.get(userId) ?? {};
    const nextRead = kind === 'read' ? Math.max(read, messageId) : read;
    this.marks.set(userId, { read: nextRead, delivered: Math.max(delivered, nextRead, messageId) });
  }

  describe(userId: string): ChatRoom {
    const { delivered = 0, read = 0 } = this.marks.get(userId) ?? {};
    return {
      roomId: this.roomId,
      roomType: 'group',
      participants: this.participants,
      participantCount: this.participants.length,
      createdAt: 1,
      lastMessageAt: this.messages.at(-1)?.timestamp ?? 1,
      metadata: this.metadata,
      head: this.head,
      rev: this.rev,
      memberRev: this.rev,
      epoch: this.epoch,
      joinRule: 'invite',
      historyVisibility: 'shared',
      role: 'participant',
      deliveredUpTo: delivered,
      readUpTo: read,
      unreadCount: this.head - read,
    };
  }

  /** The room as a list has it. */
  list(userId: string): ChatRoom {
    const room = this.describe(userId);
    const named = new Set([userId, ...room.participants]);
    return { ...room, participants: [...named].slice(0, this.listedParticipants) };
  }

  resume(userId: string, { id, rev, epoch = 0 }: Cursor): ResumedRoom {
    const place = { head: this.head, rev: this.rev, epoch: this.epoch };
    if (id > this.head || rev > this.rev || (epoch > 0 && epoch !== this.epoch)) return { wentBack: true, ...place };
    if (id < this.firstAvailableId - 1) return { truncated: true, firstAvailableId: this.firstAvailableId, ...place };
    const messages = this.withReceipts(this.messages.slice(id, id + this.pageItems));
    const { delivered = 0, read = 0 } = this.marks.get(userId) ?? {};
    return {
      messages,
      events: this.events.slice(rev),
      ...place,
      hasMore: id + this.pageItems < this.head,
      deliveredUpTo: delivered,
      readUpTo: read,
    };
  }

  history({ beforeId = this.head + 1, limit = 50 }: ClientRequests['getHistory']['payload']): AckSuccess<unknown> {
    const from = Math.max(this.firstAvailableId, beforeId - Math.min(limit, this.pageItems));
    const data = this.withReceipts(this.messages.slice(from - 1, beforeId - 1));
    return { success: true, data, timestamp: '2026-01-01T00:00:00.000Z', hasMore: from > this.firstAvailableId };
  }

  private withReceipts(messages: readonly ChatMessage[]): readonly ChatMessage[] {
    return messages.map((message) => {
      const others = [...this.marks].filter(([userId]) => userId !== message.senderId);
      const readBy = others.flatMap(([userId, { read }]) => (read >= message.messageId ? [{ userId, readAt: 7 }] : []));
      const deliveredTo = others.flatMap(([userId, { delivered }]) => (delivered >= message.messageId ? [userId] : []));
      return { ...message, deliveredTo, readBy };
    });
  }
}

interface Cursor {
  readonly id: number;
  readonly rev: number;
  readonly epoch?: number;
}
