import type { ResumedRoom } from '@parlance/proto';
import type { Requester } from './connection.js';
import { fullJitter } from './full-jitter.js';
import type { Internals } from './internals.js';
import { ParlanceError } from './parlance-error.js';
import { nextLook, type ResumeReason, resumeRequest } from './resume-request.js';
import { lacksSomething } from './room-state.js';
import type { RoomStore } from './room-store.js';

/**
 * Fetches what rooms lack with `resume`, one call at a time for up to {@link roomsPerCall} rooms: all of it at once after a
 * reconnect; after a live hint it waits 0.3 to 1.5 s, because the gateway closes most gaps by itself (R9).
 */
export class CatchUp {
  readonly #now = new Map<string, ResumeReason>();
  readonly #later = new Map<string, ResumeReason>();
  #cancelTimer: (() => void) | undefined;
  #isRunning = false;
  /** Calls that failed since the last one that did not. */
  #failures = 0;

  constructor(
    private readonly store: RoomStore,
    private readonly connection: Requester,
    private readonly internals: Pick<Internals, 'clock' | 'random'>,
    private readonly failed: (error: ParlanceError) => void,
  ) {}

  /** Resumes these rooms at once, whether or not they are known to lack anything. */
  now(roomIds: Iterable<string>): void {
    for (const roomId of roomIds) this.#now.set(roomId, 'reconnected');
    void this.#run();
  }

  /** A room seems to lack something: look again soon. */
  soon(roomId: string): void {
    if (!this.#now.has(roomId)) this.#postpone(roomId, 'lacking');
  }

  /** The connection is gone; the next one begins with {@link now}. */
  stop(): void {
    this.#now.clear();
    this.#later.clear();
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#failures = 0;
  }

  #postpone(roomId: string, reason: ResumeReason): void {
    if (reason !== 'lacking' || !this.#later.has(roomId)) this.#later.set(roomId, reason);
    const { clock, random } = this.internals;
    const backoffMs = this.#failures > 0 ? fullJitter(this.#failures, { firstMs: 300, capMs: 20_000 }, random) : 0;
    this.#cancelTimer ??= clock.after(300 + random() * 1_200 + backoffMs, () => {
      this.#cancelTimer = undefined;
      for (const [id, why] of this.#later) this.#now.set(id, why);
      this.#later.clear();
      void this.#run();
    });
  }

  /** Never rejects. */
  async #run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    for (let chunk = this.#take(); chunk.size > 0; chunk = this.#take()) await this.#resume(chunk);
    this.#isRunning = false;
  }

  #take(): Map<string, ResumeReason> {
    const chunk = new Map<string, ResumeReason>();
    for (const [roomId, reason] of this.#now) {
      if (chunk.size === roomsPerCall) break;
      this.#now.delete(roomId);
      const state = this.store.state(roomId);
      if (state && (reason !== 'lacking' || lacksSomething(state))) chunk.set(roomId, reason);
    }
    return chunk;
  }

  async #resume(chunk: ReadonlyMap<string, ResumeReason>): Promise<void> {
    try {
      const { data } = await this.connection.request('resume', resumeRequest(chunk, this.store));
      this.#failures = 0;
      for (const [roomId, room] of Object.entries(data.rooms))
        this.#apply(roomId, room, chunk.get(roomId) ?? 'lacking');
    } catch (thrown) {
      const error = ParlanceError.from(thrown, 'INTERNAL');
      if (error.code === 'DISCONNECTED') return;
      this.failed(error);
      if (!error.retryable) return;
      this.#failures += 1;
      for (const [roomId, reason] of chunk) this.#postpone(roomId, reason);
    }
  }

  #apply(roomId: string, room: ResumedRoom, reason: ResumeReason): void {
    const before = this.store.state(roomId);
    if (!before) return;
    if ('error' in room) return this.#refuse(roomId, ParlanceError.fromServer(room.error), reason);
    if ('truncated' in room) this.store.apply(roomId, { kind: 'truncated', firstAvailableId: room.firstAvailableId });
    else {
      const { messages, events, deliveredUpTo, readUpTo } = room;
      this.store.apply(roomId, { kind: 'events', events });
      this.store.apply(roomId, { kind: 'messages', messages });
      this.store.apply(roomId, { kind: 'mark', userId: before.me, delivered: deliveredUpTo, read: readUpTo });
    }
    this.store.apply(roomId, { kind: 'position', head: room.head, rev: room.rev });
    const after = this.store.state(roomId);
    const look = after && nextLook(before, after, { reason, isTruncated: 'truncated' in room, hasMore: hasMore(room) });
    if (look?.when === 'now') this.#now.set(roomId, look.reason);
    if (look?.when === 'later') this.#postpone(roomId, look.reason);
  }

  #refuse(roomId: string, error: ParlanceError, reason: ResumeReason): void {
    if (error.code === 'ROOM_NOT_FOUND' || error.code === 'NOT_A_PARTICIPANT') return this.store.drop(roomId);
    this.failed(error);
    if (error.retryable) this.#postpone(roomId, reason);
  }
}

function hasMore(room: ResumedRoom): boolean {
  return 'hasMore' in room && room.hasMore;
}

const roomsPerCall = 50;
