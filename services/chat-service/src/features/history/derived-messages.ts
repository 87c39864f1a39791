import type { UserId, WireMessage } from '@parlance/proto';
import { deriveReceipts } from '../receipts/message-status.js';
import type { Place } from '../rooms/mongo-participant-store.js';
import type { RoomView } from '../rooms/room-cache.js';

/**
 * Messages with their receipts. They are the same for all who read a room as long as nobody's marks have risen and nobody has
 * come or gone, so they are derived once from the same messages, marks and participants.
 */
export class DerivedMessages {
  private readonly ofPlaces = new WeakMap<readonly Place[], Derived>();

  /** The messages with the receipts of those who are among the participants. */
  of(
    messages: readonly WireMessage[],
    places: readonly Place[],
    participants: RoomView['participants'],
  ): readonly WireMessage[] {
    const known = this.ofPlaces.get(places);
    const derived = known?.participants === participants ? known : begin(places, participants);
    if (derived !== known) this.ofPlaces.set(places, derived);
    return messages.map((message) => {
      const before = derived.messages.get(message);
      if (before) return before;
      const after = { ...message, ...deriveReceipts(message, derived.marks) };
      derived.messages.set(message, after);
      return after;
    });
  }
}

function begin(places: readonly Place[], participants: ReadonlyMap<UserId, unknown>): Derived {
  return { participants, marks: places.filter(({ userId }) => participants.has(userId)), messages: new WeakMap() };
}

interface Derived {
  readonly participants: ReadonlyMap<UserId, unknown>;
  readonly marks: readonly Place[];
  readonly messages: WeakMap<WireMessage, WireMessage>;
}
