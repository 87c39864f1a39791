import type { ChatMessage } from '@parlance/proto';
import type { Internals } from '../internals.js';
import { ParlanceError } from '../parlance-error.js';
import type { MessageSender } from './message-sender.js';
import { OutboxEntry } from './outbox-entry.js';
import { OutboxRoom, type WayOut } from './outbox-room.js';
import type { PendingMessage, SendOptions } from './pending-message.js';
import { SendGate } from './send-gate.js';
import type { OutboxKeeper } from './stores/outbox-keeper.js';

const none: readonly PendingMessage[] = [];

/**
 * Messages on their way. Each is kept before its first attempt, and sent again under the same `clientMessageId` until the
 * server has answered for good, or until it shows up in the room's log: a later refusal does not settle an earlier attempt
 * that may have arrived.
 */
export class Outbox {
  private readonly rooms = new Map<string, OutboxRoom>();
  private readonly gate: SendGate;
  private readonly way: WayOut;
  /** Whose messages these are; unknown before the first connection, and nothing is kept until then. */
  private userId: string | undefined;
  /** `loading`: what this user left behind has to come first, so nothing leaves. `unread`: it could not be had. */
  private earlier: 'loading' | 'loaded' | 'unread' = 'loading';
  /** Of the message that was kept last. Times, so that what could not be read yet comes before. */
  private place = 0;
  private readonly nextPlace = (): number => {
    this.place = Math.max(this.place + 1, this.internals.clock.now());
    return this.place;
  };

  constructor(
    private readonly sender: MessageSender,
    private readonly keeper: OutboxKeeper,
    private readonly internals: Pick<Internals, 'clock' | 'random' | 'newId'>,
    private readonly listener: OutboxListener,
  ) {
    this.gate = new SendGate(internals.clock, () => this.pump());
    this.way = {
      isOpen: () => sender.isOnline && this.earlier !== 'loading',
      refusalOf: (message) => sender.refusalOf(message),
      mayLeave: (entry) => this.gate.mayLeave(entry),
      transmit: (entry) => this.gate.pass(entry, () => sender.send(entry.message)),
    };
  }

  /** Takes a message and sends it when its turn comes. */
  send(roomId: string, content: string, options: SendOptions = {}): PendingMessage {
    const entry = new OutboxEntry({
      clientMessageId: this.internals.newId(),
      roomId,
      content,
      messageType: options.messageType ?? 'text',
      ...(options.metadata ? { metadata: copyOf(options.metadata) } : {}),
      createdAt: this.internals.clock.now(),
    });
    const first = entry.snapshot;
    const room = this.room(roomId);
    room.add(entry);
    if (room.refuse(entry)) return entry.snapshot;
    void this.keep(entry);
    return first;
  }

  /** Messages of a room in the order of sending; the same list until one of them changes. */
  pendingOf(roomId: string): readonly PendingMessage[] {
    return this.rooms.get(roomId)?.pending ?? none;
  }

  /** Sends a failed message once more. */
  retry(roomId: string, clientMessageId: string): void {
    const entry = this.rooms.get(roomId)?.retry(clientMessageId);
    if (entry) void this.keep(entry);
  }

  /** Forgets a failed message. */
  discard(roomId: string, clientMessageId: string): void {
    this.rooms.get(roomId)?.discard(clientMessageId);
  }

  /** A connection of this user stands: goes on with everything, and with what an earlier program left behind. */
  resume(userId: string): void {
    this.gate.renew();
    const isFirst = this.userId === undefined;
    this.userId = userId;
    this.keeper.resume();
    if (isFirst || this.earlier === 'unread') void this.load(userId);
    for (const room of this.rooms.values()) room.resume();
  }

  /** The store answers again: what could not be read before is read. */
  readAgain(): void {
    if (this.userId !== undefined && this.earlier === 'unread') void this.load(this.userId);
  }

  /** The connection is gone. */
  stop(): void {
    this.keeper.stop();
    this.gate.stop();
  }

  /** The room's window has reached `cursor`, and now shows these messages. */
  shown(roomId: string, cursor: number, own: readonly ChatMessage[]): void {
    this.rooms.get(roomId)?.shown(cursor, own);
  }

  /** The room's log is another one: what had its place in the one before may have none any more, and is sent again. */
  beginAnew(roomId: string): void {
    this.rooms.get(roomId)?.beginAnew();
  }

  /** The room is not the user's any more. */
  drop(roomId: string): void {
    const error = { code: 'NOT_A_PARTICIPANT', message: 'You are not in this room any more.' } as const;
    this.rooms.get(roomId)?.dropAll(new ParlanceError({ ...error, retryable: false, outcome: 'unknown' }));
    this.rooms.delete(roomId);
  }

  /** Another user comes: what is kept stays kept, for the one who wrote it. */
  reset(): void {
    const error = { code: 'CLOSED', message: 'Somebody else is signed in now.' } as const;
    for (const room of this.rooms.values()) {
      room.letGo(new ParlanceError({ ...error, retryable: false, outcome: 'unknown' }));
    }
    this.rooms.clear();
    this.userId = undefined;
    this.earlier = 'loading';
  }

  /** Never rejects. */
  private async load(userId: string): Promise<void> {
    this.earlier = 'loading';
    const stored = await this.keeper.load(userId);
    if (this.userId !== userId) return;
    const inOrder = (stored ?? []).toSorted((left, right) => (left.place ?? 0) - (right.place ?? 0));
    this.place = Math.max(this.place, inOrder.at(-1)?.place ?? 0);
    const byRoom = new Map<string, OutboxEntry[]>();
    for (const send of inOrder) {
      const entries = byRoom.get(send.roomId) ?? [];
      entries.push(OutboxEntry.restored(send));
      byRoom.set(send.roomId, entries);
    }
    for (const [roomId, entries] of byRoom) this.room(roomId).restore(entries);
    this.earlier = stored ? 'loaded' : 'unread';
    for (const roomId of byRoom.keys()) this.listener.restored(roomId);
    for (const room of this.rooms.values()) {
      for (const entry of room.entries) if (!entry.isReady) void this.keep(entry);
    }
    this.pump();
  }

  private pump(): void {
    for (const room of this.rooms.values()) room.pump();
  }

  /** Puts a message in the store, and then lets it leave. Never rejects. */
  private async keep(entry: OutboxEntry): Promise<void> {
    const userId = this.userId;
    if (userId === undefined || this.earlier === 'loading') return;
    await this.keeper.put(entry.toStore(userId, this.nextPlace));
    entry.ready();
    this.rooms.get(entry.message.roomId)?.pump();
  }

  private room(roomId: string): OutboxRoom {
    const known = this.rooms.get(roomId);
    if (known) return known;
    const room = new OutboxRoom(this.internals, this.way, {
      changed: () => this.listener.changed(roomId),
      sent: (message) => this.listener.sent(message),
      outdated: (entry) => (entry.state === 'failed' ? this.refused(entry) : void this.keep(entry)),
      forgotten: (clientMessageId) => this.keeper.remove(clientMessageId),
    });
    this.rooms.set(roomId, room);
    return room;
  }

  /** Keeps that it was refused. Nobody could see that of a room that is not there: then it is told, and over. */
  private refused(entry: OutboxEntry): void {
    const { message, error } = entry;
    const { roomId } = message;
    const isGone = error?.code === 'ROOM_NOT_FOUND' || error?.code === 'NOT_A_PARTICIPANT';
    if (error && isGone && !this.listener.isShown(roomId)) {
      this.sender.report(new ParlanceError(error));
      this.rooms.get(roomId)?.discard(message.clientMessageId);
    } else if (error && this.userId !== undefined) {
      void this.keeper.put(entry.toStore(this.userId, this.nextPlace));
    }
  }
}

/** Whom the outbox tells. */
export interface OutboxListener {
  /** The pending messages of a room have changed. */
  changed(roomId: string): void;
  /** Messages of an earlier program are in this room: some may be in its log. */
  restored(roomId: string): void;
  /** The server has stored a message. */
  sent(message: ChatMessage): void;
  /** The room is one that the client shows. */
  isShown(roomId: string): boolean;
}

/** Whatever the sender does with it afterwards: another body under the same name would be refused. */
function copyOf(metadata: Record<string, unknown>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(metadata)) as Record<string, unknown>;
}
