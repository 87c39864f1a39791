/**
 * Remembers where each room's calls are in flight, so that a room stays with a holder while anything of it is in flight
 * there, however the choice of holders changes meanwhile (R11). Nothing is remembered of a room without calls.
 */
export class RoomAffinity<Holder> {
  /** Holders with calls of a room, the longest one first; nearly always one. */
  private readonly byRoom = new Map<string, { readonly holder: Holder; count: number }[]>();

  /** The holder that a new call of this room must follow. */
  holderOf(roomId: string): Holder | undefined {
    return this.byRoom.get(roomId)?.[0]?.holder;
  }

  /** Counts a call given to a holder. */
  begin(roomId: string, holder: Holder): void {
    const entries = this.byRoom.get(roomId);
    const entry = entries?.find((each) => each.holder === holder);
    if (entry) entry.count += 1;
    else if (entries) entries.push({ holder, count: 1 });
    else this.byRoom.set(roomId, [{ holder, count: 1 }]);
  }

  /** Counts a call that a holder is done with. */
  end(roomId: string, holder: Holder): void {
    const entries = this.byRoom.get(roomId);
    const index = entries?.findIndex((each) => each.holder === holder) ?? -1;
    const entry = entries?.[index];
    if (entries === undefined || entry === undefined) return;
    entry.count -= 1;
    if (entry.count === 0) entries.splice(index, 1);
    if (entries.length === 0) this.byRoom.delete(roomId);
  }
}
