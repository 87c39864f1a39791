/**
 * The rooms that were written to through a holder lately: at least the last `spanMs` (default 10 s), at most twice that.
 * Times are milliseconds of one clock.
 */
export class RecentRooms<Holder> {
  private readonly byHolder = new Map<Holder, { since: number; current: Set<string>; previous: ReadonlySet<string> }>();

  constructor(private readonly spanMs = 10_000) {}

  /** Notes a write. */
  note(roomId: string, holder: Holder, now: number): void {
    const known = this.byHolder.get(holder) ?? { since: now, current: new Set<string>(), previous: new Set<string>() };
    this.byHolder.set(holder, known);
    if (now - known.since >= this.spanMs) {
      known.previous = now - known.since < 2 * this.spanMs ? known.current : new Set();
      known.current = new Set();
      known.since = now;
    }
    known.current.add(roomId);
  }

  /** Forgets a holder and returns its rooms. */
  take(holder: Holder, now: number): ReadonlySet<string> {
    const known = this.byHolder.get(holder);
    this.byHolder.delete(holder);
    if (known === undefined || now - known.since >= 2 * this.spanMs) return new Set();
    return new Set([...known.current, ...(now - known.since < this.spanMs ? known.previous : [])]);
  }
}
