import type { ChatMessage, ChatRoom, Ready } from '@parlance/proto';
import { roomsToResume } from '../catch-up/comeback.js';
import type { Requester } from '../connection/connection.js';
import type { Internals } from '../internals.js';
import { ParlanceError } from '../parlance-error.js';
import { retryDelay } from '../time/retry-delay.js';
import type { RoomStore } from './room-store.js';

/** Rooms that `ready` names at most, and rooms of a page of `listRooms`; a test compares both with the contract. */
export const readyRooms = 200;

const pageRooms = readyRooms;

/** Milliseconds for each of those who were let in together. */
const spreadMs = 5;

/** After a list that was older than what is known. */
const againMs = 2_000;
const newsOfRoom = 50;
const earlyMessages = 50;

/**
 * Which rooms there are: all of them are listed after the first `ready`, and again when something tells of a room that is
 * not known.
 */
export class RoomList {
  /** Live messages of rooms that are not known yet. */
  private readonly early = new Map<string, ChatMessage[]>();
  /** Rooms that will be listed soon, and not before. */
  private readonly enteredRooms = new Set<string>();
  private me = '';
  private hasListed = false;
  private listing: 'idle' | 'running' | 'again' = 'idle';

  constructor(
    private readonly store: RoomStore,
    private readonly connection: Requester,
    private readonly internals: Pick<Internals, 'clock' | 'random'>,
    /** Resumes rooms at once. */
    private readonly catchUp: (roomIds: Iterable<string>) => void,
  ) {}

  /** A connection stands: what `ready` tells of known rooms is applied, and unknown ones are listed. Somebody looks at those that are open. */
  ready(ready: Ready, isOpen: (roomId: string) => boolean): void {
    const { userId, rooms } = ready;
    this.me = userId;
    for (const { roomId, head, rev, epoch, readUpTo, deliveredUpTo } of rooms) {
      this.store.apply(roomId, { kind: 'position', head, rev, epoch });
      this.store.apply(roomId, { kind: 'marks', marks: [{ userId, read: readUpTo, delivered: deliveredUpTo }] });
    }
    const namesAll = rooms.length < readyRooms;
    this.catchUp(roomsToResume(this.store.states, ready, { isComplete: namesAll, isOpen }));
    const knowsAll = namesAll && rooms.every(({ roomId }) => this.store.state(roomId));
    if (!this.hasListed || !knowsAll) this.list();
  }

  /** Something was told of a room that is not known. */
  unknown(roomId: string, message?: ChatMessage): void {
    const early = this.early.get(roomId) ?? [];
    if (message) early.push(message);
    this.early.set(roomId, early.slice(0, earlyMessages));
    if (!this.enteredRooms.has(roomId)) this.list();
  }

  /**
   * The user was let into a room that is not known yet, with `count` people in all. Their clients spread over up to five
   * milliseconds for each, so that a room made with a thousand of them is not asked for a thousand times at once.
   */
  entered(roomId: string, count: number): void {
    if (this.enteredRooms.has(roomId)) return;
    this.enteredRooms.add(roomId);
    this.internals.clock.after(this.internals.random() * count * spreadMs, () => {
      this.enteredRooms.delete(roomId);
      if (!this.store.state(roomId)) this.list();
    });
  }

  /** A room as an own action was answered with: what is in it already is not news. */
  adopt(room: ChatRoom): void {
    const isNew = !this.store.state(room.roomId);
    const isThere = this.store.add(this.me, room, { cursor: Math.max(0, room.head - 1), oldUpTo: room.head });
    if (isThere) this.introduce(room, isNew && room.head > 0);
  }

  /** Lists all rooms; while that is under way, once more afterwards. */
  list(): void {
    if (this.listing === 'idle') void this.listAll();
    else this.listing = 'again';
  }

  /** Everything is another user's now. */
  reset(): void {
    this.hasListed = false;
    this.early.clear();
    this.enteredRooms.clear();
  }

  /** Never rejects. */
  private async listAll(): Promise<void> {
    try {
      do {
        this.listing = 'running';
        await this.listPages();
      } while (this.asked() === 'again');
    } catch (thrown) {
      const error = ParlanceError.from(thrown, 'INTERNAL');
      if (error.code !== 'DISCONNECTED') {
        this.connection.report(error);
        const range = { firstMs: 4_000, capMs: 4_000 };
        const delayMs = 1_000 + retryDelay(error.retryAfterMs, 0, range, this.internals.random);
        if (error.retryable) this.internals.clock.after(delayMs, () => this.list());
      }
    } finally {
      this.listing = 'idle';
    }
  }

  private asked(): 'idle' | 'running' | 'again' {
    return this.listing;
  }

  private async listPages(): Promise<void> {
    let cursor: string | undefined;
    const unseen = new Set(this.store.roomIds);
    let isOld = false;
    do {
      const page = await this.connection.request('listRooms', { limit: pageRooms, ...(cursor ? { cursor } : {}) });
      for (const room of page.data) {
        unseen.delete(room.roomId);
        if (!this.add(room)) isOld = true;
      }
      cursor = page.hasMore ? page.cursor : undefined;
    } while (cursor);
    // One that became active meanwhile was not listed, and neither was one that is the user's no longer.
    this.catchUp(unseen);
    this.hasListed = true;
    this.early.clear();
    if (isOld) this.internals.clock.after(againMs * (0.5 + this.internals.random()), () => this.list());
  }

  /**
   * Of a room that came later, what never reached this user is news: up to {@link newsOfRoom} messages of it. Answers false for
   * one that went away since it was listed; whether the user has come back to it meanwhile a later list tells.
   */
  private add(room: ChatRoom): boolean {
    const isNew = !this.store.state(room.roomId);
    const { head, deliveredUpTo } = room;
    const firstEarly = this.early.get(room.roomId)?.[0]?.messageId ?? head + 1;
    const known = this.hasListed ? Math.max(deliveredUpTo, head - newsOfRoom, 0) : head;
    const oldUpTo = Math.min(known, firstEarly - 1);
    if (head < (this.store.state(room.roomId)?.cursor ?? 0)) this.catchUp([room.roomId]);
    const place = { cursor: Math.max(0, Math.min(oldUpTo, head - 1)), oldUpTo };
    if (!this.store.add(this.me, room, place)) return false;
    this.introduce(room, isNew);
    return true;
  }

  /** A new one of a list is resumed even when it is empty: the user may have been removed since the list was made. */
  private introduce({ roomId }: ChatRoom, resumes: boolean): void {
    const early = this.early.get(roomId);
    this.early.delete(roomId);
    if (early && early.length > 0) this.store.apply(roomId, { kind: 'messages', messages: early });
    if (resumes) this.catchUp([roomId]);
  }
}
