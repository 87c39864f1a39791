/**
 * Remembers where each room's calls are in flight, so that a room stays with a holder while anything of it is in flight
 * there, however the choice of holders changes meanwhile (R11: sends keep their order). Nothing is remembered of a room
 * without calls.
 */
export class RoomAffinity<Holder> {
  /** Calls by holder, the holder that has had some for longest first; nearly always one. */
  private readonly byRoom = new Map<string, Map<Holder, number>>();

  /** The holder that a new call of this room must follow. */
  holderOf(roomId: string): Holder | undefined {
    return this.byRoom.get(roomId)?.keys().next().value;
  }

  /** Rooms with calls in flight. */
  get size(): number {
    return this.byRoom.size;
  }

  /** Counts a call given to a holder. */
  begin(roomId: string, holder: Holder): void {
    const calls = this.byRoom.get(roomId) ?? new Map<Holder, number>();
    this.byRoom.set(roomId, calls.set(holder, (calls.get(holder) ?? 0) + 1));
  }

  /** Counts a call that a holder is done with. */
  end(roomId: string, holder: Holder): void {
    const calls = this.byRoom.get(roomId);
    if (!calls) return;
    const left = (calls.get(holder) ?? 0) - 1;
    if (left > 0) calls.set(holder, left);
    else calls.delete(holder);
    if (calls.size === 0) this.byRoom.delete(roomId);
  }
}
