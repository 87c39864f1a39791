import type { RoomId } from '@parlance/proto';
import type { Marks } from '../rooms/marks.js';
import type { MongoParticipantStore, Place } from '../rooms/mongo-participant-store.js';

/** How old marks may be that other pods have stored. */
const freshMs = 1_000;

/** The watermarks of a room's participants, read again after a second. What this pod has stored shows at once. */
export class MarkReader {
  private readonly rooms = new Map<RoomId, { readonly at: number; places: Promise<readonly Place[]> }>();

  constructor(
    private readonly participants: Pick<MongoParticipantStore, 'inRoom'>,
    private readonly now: () => number,
    private readonly noteRead: (result: 'hit' | 'miss') => void,
  ) {}

  /**
   * The places of a room's participants, and perhaps of some who have just gone, with their marks. Readers of the same
   * second share one query.
   * @throws STORE_UNAVAILABLE.
   */
  ofRoom(roomId: RoomId): Promise<readonly Place[]> {
    const now = this.now();
    const known = this.rooms.get(roomId);
    const isKnown = known && now - known.at < freshMs;
    this.noteRead(isKnown ? 'hit' : 'miss');
    if (isKnown) return known.places;
    const entry = { at: now, places: this.participants.inRoom(roomId) as Promise<readonly Place[]> };
    this.rooms.set(roomId, entry);
    entry.places.catch(() => {
      if (this.rooms.get(roomId) === entry) this.rooms.delete(roomId);
    });
    return entry.places;
  }

  /** Marks were stored at a time (Unix milliseconds): whoever reads from now on sees them, whenever their query began. */
  raised({ roomId, userId, delivered, read }: Marks, at: number): void {
    const known = this.rooms.get(roomId as RoomId);
    if (!known) return;
    known.places = known.places.then((places) => {
      const index = places.findIndex((place) => place.userId === userId);
      const place = places[index];
      // Somebody who has come since.
      if (!place) return this.participants.inRoom(roomId as RoomId);
      const readUpTo = Math.max(place.readUpTo, read);
      const deliveredUpTo = Math.max(place.deliveredUpTo, delivered, read);
      return places.with(index, {
        ...place,
        readUpTo,
        deliveredUpTo,
        readAt: read > place.readUpTo ? at : place.readAt,
      });
    });
    known.places.catch(() => {
      if (this.rooms.get(roomId as RoomId) === known) this.rooms.delete(roomId as RoomId);
    });
  }

  /** The room's log is another one: its marks are read again. */
  forgetRoom(roomId: RoomId): void {
    this.rooms.delete(roomId);
  }

  /** Forgets what is no longer fresh. Call it now and then. */
  forgetOld(): void {
    const before = this.now() - freshMs;
    for (const [roomId, { at }] of this.rooms) if (at < before) this.rooms.delete(roomId);
  }
}
