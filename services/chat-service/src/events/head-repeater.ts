/** Where a room stood at its last change. */
export interface LastChange {
  readonly head: number;
  readonly rev: number;
  readonly memberRev: number;
  /** Of the room's log; what came under a lower one counts no longer. */
  readonly epoch: number;
}

/** Seconds after a room's last change at which its head is told again. */
const repeatAfterSeconds: readonly number[] = [1, 2, 3, 9];

/**
 * Rooms that have just fallen silent. The last event of a room has no successor that could reveal its loss, so its head
 * is told again a few times (R9: events are hints); a room that goes on talking needs no repetition. Pure but for its
 * own memory.
 */
export class HeadRepeater {
  private readonly rooms = new Map<string, { readonly change: LastChange; readonly at: number; told: number }>();

  /** A room has changed. `now` in milliseconds. */
  changed(roomId: string, change: LastChange, now: number): void {
    const known = this.rooms.get(roomId)?.change;
    if (known && known.epoch > change.epoch) return;
    const before = known?.epoch === change.epoch ? known : undefined;
    const newest = {
      epoch: change.epoch,
      head: Math.max(change.head, before?.head ?? 0),
      rev: Math.max(change.rev, before?.rev ?? 0),
      memberRev: Math.max(change.memberRev, before?.memberRev ?? 0),
    };
    this.rooms.set(roomId, { change: newest, at: now, told: 0 });
  }

  /** All rooms whose heads will be told again, or were so a moment ago; they stay due. */
  recent(): (readonly [roomId: string, change: LastChange])[] {
    return [...this.rooms].map(([roomId, { change }]) => [roomId, change] as const);
  }

  /** The rooms whose heads are due to be told again. Call it about once a second. */
  due(now: number): (readonly [roomId: string, change: LastChange])[] {
    const due: (readonly [string, LastChange])[] = [];
    for (const [roomId, entry] of this.rooms) {
      const after = repeatAfterSeconds[entry.told];
      if (after === undefined) this.rooms.delete(roomId);
      else if (now - entry.at >= after * 1_000) {
        entry.told++;
        due.push([roomId, entry.change]);
      }
    }
    return due;
  }
}
