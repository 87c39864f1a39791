import type { ChatMetrics } from '../../metrics.js';
import type { Committed } from '../log/pending-send.js';
import type { Marks } from '../rooms/marks.js';
import type { OfflinePointer, OfflinePointerStore } from './offline-pointer-store.js';

/** A participant whose delivered mark lies below what was asked for. */
export interface LaggingParticipant {
  readonly roomId: string;
  readonly userId: string;
  readonly firstVisibleId: number;
  readonly deliveredUpTo: number;
}

/** Where marks are read. */
export interface LaggingReader {
  /** Current participants of these rooms whose delivered marks lie below `to`; one query for all of them. */
  behind(rooms: readonly { readonly roomId: string; readonly to: number }[]): Promise<readonly LaggingParticipant[]>;
}

/**
 * The time that receivers of a message have to report it, in milliseconds. Heads are told again for nine seconds (R9:
 * events are hints): whoever is connected has heard of it by then.
 */
export const absentAfterMs = 10_000;

/** Rooms that one query asks about. */
const roomsAtATime = 200;

/** Rooms whose pointers this pod remembers; of more it forgets the oldest, whose pointers then go when their users return. */
const rememberedRooms = 10_000;

/**
 * Finds out for whom messages wait, and keeps a pointer for each such user and room. Absent is whoever has not reported a
 * message as delivered when it is looked at, ten to twenty seconds after it: no message costs a question, a room costs its
 * share of one query every ten seconds while something is said there. Senders of the messages are not absent. It is a
 * hint that may be late or lost.
 */
export class OfflinePointers {
  /** Rooms with messages whose delivery was not looked at yet, the longest waiting first. */
  private readonly waiting = new Map<string, { readonly due: Said; readonly dueAt: number; next?: Said }>();
  private readonly put = new Map<string, Map<string, OfflinePointer>>();
  /** Marks reported while a query is under way; its answer may be older. */
  private readonly reportedUsers = new Map<string, number>();
  private looking = false;
  private depth = 0;

  constructor(
    private readonly participants: LaggingReader,
    private readonly store: Pick<OfflinePointerStore, 'put' | 'remove'>,
    private readonly metrics: { readonly offlineQueue: Pick<ChatMetrics['offlineQueue'], 'set'> },
    private readonly now: () => number,
  ) {}

  /** Messages of one room were stored, ascending. */
  committed(roomId: string, committed: readonly Committed[]): void {
    const room = this.waiting.get(roomId);
    // What is said while a room waits is looked at a round later, so that nothing is younger than the ten seconds.
    const said = room?.next ?? { to: 0, senders: new Set() };
    said.to = committed.at(-1)?.slot.messageId ?? 0;
    for (const { slot } of committed) said.senders.add(slot.senderId);
    if (room) room.next = said;
    else this.wait(roomId, said);
  }

  /** A user has reported a mark and is there: the pointer is shortened, or taken away when nothing is left of it. */
  reported({ roomId, userId, delivered }: Marks, before: Marks): void {
    if (this.looking) this.reportedUsers.set(key(roomId, userId), delivered);
    const known = this.put.get(roomId)?.get(userId);
    if (known && delivered < known.to) {
      const shorter = { ...known, from: Math.max(known.from, delivered + 1) };
      this.remember(shorter);
      this.store.put([shorter]);
    } else if (known || before.delivered < 0) {
      // One that another pod has put, or this one before its start, is taken away at the first report.
      this.forget(roomId, userId);
      this.store.remove([{ roomId, userId }]);
    }
    this.metrics.offlineQueue.set(this.depth);
  }

  /** Looks at the rooms whose messages are old enough. Call it about once a second. Rejects as `behind` does. */
  async look(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    try {
      for (let rooms = this.due(); rooms.size > 0; rooms = this.due()) {
        this.reportedUsers.clear();
        const lagging = await this.participants.behind([...rooms].map(([roomId, { to }]) => ({ roomId, to })));
        this.settle(rooms, lagging);
      }
    } finally {
      this.looking = false;
      this.reportedUsers.clear();
      this.metrics.offlineQueue.set(this.depth);
    }
  }

  /** The room's log is another one: nobody waits for messages of the one before. */
  forgetRoom(roomId: string): void {
    this.waiting.delete(roomId);
    const users = [...(this.put.get(roomId)?.keys() ?? [])];
    for (const userId of users) this.forget(roomId, userId);
    if (users.length > 0) this.store.remove(users.map((userId) => ({ userId, roomId })));
    this.metrics.offlineQueue.set(this.depth);
  }

  private wait(roomId: string, due: Said): void {
    this.waiting.set(roomId, { due, dueAt: this.now() + absentAfterMs });
  }

  private due(): ReadonlyMap<string, Said> {
    const now = this.now();
    const due = new Map<string, Said>();
    for (const [roomId, room] of this.waiting) {
      if (room.dueAt > now || due.size === roomsAtATime) break;
      due.set(roomId, room.due);
      this.waiting.delete(roomId);
      if (room.next) this.wait(roomId, room.next);
    }
    return due;
  }

  private settle(rooms: ReadonlyMap<string, Said>, lagging: readonly LaggingParticipant[]): void {
    const pointers = lagging.flatMap(({ roomId, userId, firstVisibleId, deliveredUpTo }): OfflinePointer[] => {
      const room = rooms.get(roomId);
      const delivered = Math.max(deliveredUpTo, this.reportedUsers.get(key(roomId, userId)) ?? 0);
      const from = Math.max(delivered + 1, firstVisibleId);
      if (!room || room.senders.has(userId) || from > room.to) return [];
      return [{ roomId, userId, from, to: room.to }];
    });
    const absent = new Set(pointers.map(({ roomId, userId }) => key(roomId, userId)));
    const back = [...rooms.keys()].flatMap((roomId) =>
      [...(this.put.get(roomId)?.values() ?? [])].filter(({ userId }) => !absent.has(key(roomId, userId))),
    );
    for (const { roomId, userId } of back) this.forget(roomId, userId);
    for (const pointer of pointers) this.remember(pointer);
    if (pointers.length > 0) this.store.put(pointers);
    if (back.length > 0) this.store.remove(back);
  }

  private remember(pointer: OfflinePointer): void {
    const { roomId, userId } = pointer;
    const users = this.put.get(roomId) ?? new Map<string, OfflinePointer>();
    this.depth += length(pointer) - length(users.get(userId));
    users.set(userId, pointer);
    this.put.set(roomId, users);
    if (this.put.size <= rememberedRooms) return;
    const [oldest = roomId] = this.put.keys();
    for (const userId of this.put.get(oldest)?.keys() ?? []) this.forget(oldest, userId);
  }

  private forget(roomId: string, userId: string): void {
    const users = this.put.get(roomId);
    this.depth -= length(users?.get(userId));
    users?.delete(userId);
    if (users?.size === 0) this.put.delete(roomId);
  }
}

/** Messages of a room that are looked at together. */
interface Said {
  /** Id of the newest. */
  to: number;
  readonly senders: Set<string>;
}

function key(roomId: string, userId: string): string {
  return `${roomId}\n${userId}`;
}

function length(pointer: OfflinePointer | undefined): number {
  return pointer ? pointer.to - pointer.from + 1 : 0;
}
