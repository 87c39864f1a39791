import type { RoomId } from '@parlance/proto';
import type { MongoParticipantStore, Participant } from '../rooms/mongo-participant-store.js';

/** How old marks may be that a status is derived from. */
const freshMs = 1_000;

/** The watermarks of a room's participants, read again after a second. */
export class MarkReader {
  readonly #rooms = new Map<RoomId, { readonly at: number; readonly marks: Promise<readonly Participant[]> }>();

  constructor(
    private readonly participants: MongoParticipantStore,
    private readonly now: () => number,
  ) {}

  /** Current participants with their marks. Readers of the same second share one query. Errors: STORE_UNAVAILABLE. */
  ofRoom(roomId: RoomId): Promise<readonly Participant[]> {
    const now = this.now();
    const known = this.#rooms.get(roomId);
    if (known && now - known.at < freshMs) return known.marks;
    const marks = this.participants.inRoom(roomId);
    this.#rooms.set(roomId, { at: now, marks });
    marks.catch(() => this.#rooms.delete(roomId));
    return marks;
  }

  /** Forgets what is no longer fresh. Call it now and then. */
  forgetOld(): void {
    const before = this.now() - freshMs;
    for (const [roomId, { at }] of this.#rooms) if (at < before) this.#rooms.delete(roomId);
  }
}
