import type { ResumedRoom } from '@parlance/proto';
import type { Requester } from '../connection/connection.js';
import type { Internals } from '../internals.js';
import { ParlanceError } from '../parlance-error.js';
import type { RoomStore } from '../rooms/room-store.js';
import { lacksSomething } from '../rooms/state/room-state.js';
import { retryDelay } from '../time/retry-delay.js';
import { hasMoved, nextLook, type ResumeReason, resumeRequest } from './resume-request.js';
import { contradicts } from './rolled-back-rooms.js';

const mostRooms = 50;

/**
 * Fetches what rooms lack with `resume`, one call at a time for up to {@link mostRooms} rooms: all of it at once after
 * a reconnect; after a live hint it waits 0.3 to 1.5 s, because the gateway closes most gaps by itself (R9: events are
 * hints). When the connection ends under a call, the answer may have been more than it could take: then half as many
 * rooms are asked for, down to one, until all is there.
 */
export class CatchUp {
  private readonly clock = new Map<string, ResumeReason>();
  private readonly later = new Map<string, ResumeReason>();
  private cancelTimer: (() => void) | undefined;
  private isRunning = false;
  /** Calls that failed since the last one that did not. */
  private failures = 0;
  private roomsPerCall = mostRooms;

  constructor(
    private readonly store: RoomStore,
    private readonly connection: Requester,
    private readonly internals: Pick<Internals, 'clock' | 'random'>,
    /** The room is another one by now, of this epoch. */
    private readonly wentBack: (roomId: string, epoch: number) => void,
  ) {}

  /** Resumes these rooms at once, whether or not they are known to lack anything. */
  now(roomIds: Iterable<string>): void {
    for (const roomId of roomIds) this.clock.set(roomId, 'reconnected');
    void this.run();
  }

  /** A room seems to lack something: look again soon. */
  soon(roomId: string): void {
    if (!this.clock.has(roomId)) this.postpone(roomId, 'lacking');
  }

  /** A room seems to be another than it was shown: look again soon, whether or not it lacks anything. */
  doubt(roomId: string): void {
    if (!this.clock.has(roomId)) this.postpone(roomId, 'continuing');
  }

  /** The connection is gone; the next one begins with {@link now}. */
  stop(): void {
    this.clock.clear();
    this.later.clear();
    this.cancelTimer?.();
    this.cancelTimer = undefined;
    this.failures = 0;
  }

  private postpone(roomId: string, reason: ResumeReason, retryAfterMs?: number): void {
    if (reason !== 'lacking' || !this.later.has(roomId)) this.later.set(roomId, reason);
    const { clock, random } = this.internals;
    const range = { firstMs: this.failures > 0 ? 300 : 0, capMs: 20_000 };
    const backoffMs = retryDelay(retryAfterMs, this.failures, range, random);
    this.cancelTimer ??= clock.after(300 + random() * 1_200 + backoffMs, () => {
      this.cancelTimer = undefined;
      for (const [id, why] of this.later) this.clock.set(id, why);
      this.later.clear();
      void this.run();
    });
  }

  /** Never rejects. */
  private async run(): Promise<void> {
    if (this.isRunning) return;
    this.isRunning = true;
    for (let chunk = this.take(); chunk.size > 0; chunk = this.take()) await this.resume(chunk);
    this.isRunning = false;
    if (this.connection.state === 'online' && this.later.size === 0) this.roomsPerCall = mostRooms;
  }

  private take(): Map<string, ResumeReason> {
    const chunk = new Map<string, ResumeReason>();
    for (const [roomId, reason] of this.clock) {
      if (chunk.size === this.roomsPerCall) break;
      this.clock.delete(roomId);
      const state = this.store.state(roomId);
      if (state && (reason !== 'lacking' || lacksSomething(state))) chunk.set(roomId, reason);
    }
    return chunk;
  }

  private async resume(chunk: ReadonlyMap<string, ResumeReason>): Promise<void> {
    try {
      const { data } = await this.connection.request('resume', resumeRequest(chunk, this.store));
      this.failures = 0;
      this.takeAnswer(data.rooms, chunk);
    } catch (thrown) {
      const error = ParlanceError.from(thrown, 'INTERNAL');
      if (error.code === 'DISCONNECTED') {
        if (error.outcome === 'unknown') this.roomsPerCall = Math.max(1, Math.floor(chunk.size / 2));
        return;
      }
      this.connection.report(error);
      if (!error.retryable) return;
      this.failures += 1;
      for (const [roomId, reason] of chunk) this.postpone(roomId, reason, error.retryAfterMs);
    }
  }

  private takeAnswer(rooms: Readonly<Record<string, ResumedRoom>>, chunk: ReadonlyMap<string, ResumeReason>): void {
    const answered = Object.entries(rooms).map(([roomId, room]) => {
      const reason = chunk.get(roomId) ?? 'lacking';
      return { roomId, room, isMoved: this.apply(roomId, room, reason) };
    });
    const isMoved = answered.some((each) => each.isMoved);
    for (const { roomId, room } of answered) {
      const state = this.store.state(roomId);
      if (!state || 'error' in room) continue;
      const answer = { isTruncated: 'truncated' in room, hasMore: hasMore(room), hasMoved: isMoved };
      const look = nextLook(state, answer, isPostponed(room) ? chunk.get(roomId) : undefined);
      if (look?.when === 'now') this.clock.set(roomId, look.reason);
      if (look?.when === 'later') this.postpone(roomId, look.reason);
    }
  }

  /** Answers whether it has brought anything. */
  private apply(roomId: string, room: ResumedRoom, reason: ResumeReason): boolean {
    const before = this.store.state(roomId);
    if (!before) return false;
    if ('error' in room) {
      this.refuse(roomId, ParlanceError.fromServer(room.error), reason);
      return false;
    }
    if ('wentBack' in room || ('messages' in room && room.messages.some((each) => contradicts(before, each)))) {
      this.wentBack(roomId, room.epoch);
      return true;
    }
    if (room.epoch < before.room.epoch) {
      this.postpone(roomId, reason);
      return false;
    }
    if ('truncated' in room) this.store.apply(roomId, { kind: 'truncated', firstAvailableId: room.firstAvailableId });
    else {
      const { messages, events, deliveredUpTo, readUpTo } = room;
      this.store.apply(roomId, { kind: 'events', events });
      this.store.apply(roomId, { kind: 'messages', messages });
      this.store.apply(roomId, {
        kind: 'marks',
        marks: [{ userId: before.me, delivered: deliveredUpTo, read: readUpTo }],
      });
    }
    this.store.apply(roomId, { kind: 'position', head: room.head, rev: room.rev, epoch: room.epoch });
    const after = this.store.state(roomId);
    return after !== undefined && !isPostponed(room) && hasMoved(before, after, reason);
  }

  private refuse(roomId: string, error: ParlanceError, reason: ResumeReason): void {
    if (error.code === 'ROOM_NOT_FOUND' || error.code === 'NOT_A_PARTICIPANT') return this.store.drop(roomId);
    this.connection.report(error);
    if (error.retryable) this.postpone(roomId, reason, error.retryAfterMs);
  }
}

function hasMore(room: ResumedRoom): boolean {
  return 'hasMore' in room && room.hasMore;
}

/** The answer had no place for anything of this room. */
function isPostponed(room: ResumedRoom): boolean {
  return 'hasMore' in room && room.hasMore && room.messages.length === 0 && room.events.length === 0;
}
