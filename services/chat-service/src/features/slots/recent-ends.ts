import type { LogEnd } from '../rooms/log-end.js';
import type { StoredRoom } from '../rooms/stored-room.js';
import type { LogReader } from './log-reader.js';

/**
 * How old the end of a log may be that a page is made from without asking, milliseconds: as old as the view by which it is
 * decided who may read (R13: only participants, two seconds late at most).
 */
const recentMs = 2_000;

/**
 * Ends of logs as a read at majority has shown them lately, and what this pod has committed since. Good for those who say
 * how much of the room they have seen: they are never shown less, and what others have added since is told to them.
 */
export class RecentEnds {
  private readonly ends = new Map<string, Entry>();

  constructor(
    private readonly log: Pick<LogReader, 'head'>,
    private readonly now: () => number,
    private readonly noteRead: (result: 'hit' | 'miss') => void,
  ) {}

  /** The end of a room's log, at most two seconds old, and not below `seen`. @throws As `LogReader.head`. */
  async atLeast(seen: number, room: StoredRoom, deadlineAt: number): Promise<LogEnd> {
    const at = this.now();
    const known = this.ends.get(room.roomId);
    const age = known ? at - known.at : -1;
    if (known?.end && age >= 0 && age <= recentMs && known.end.room.epoch === room.epoch && known.end.head >= seen) {
      this.noteRead('hit');
      // The chain of segments of the one, what is withheld by the other.
      const { segments } = known.end.room.segments.length > room.segments.length ? known.end.room : room;
      return { ...known.end, room: { ...room, segments } };
    }
    this.noteRead('miss');
    const entry = known ?? { end: undefined, at: Number.NEGATIVE_INFINITY, committed: nothing };
    this.ends.set(room.roomId, entry);
    const read = await this.log.head(room, deadlineAt);
    const { committed, end: before } = entry;
    const end = committed.head > read.head ? { ...read, ...committed } : read;
    // Another one that began later may have come first.
    if (at < entry.at || (before && before.room.epoch > end.room.epoch)) return end;
    entry.end = end;
    entry.at = at;
    return end;
  }

  /** A message was committed by this pod: whoever asks from now on is shown it. */
  committed(roomId: string, head: number, timestamp: number): void {
    const known = this.ends.get(roomId);
    if (!known) return;
    if (known.committed.head < head) known.committed = { head, timestamp };
    if (known.end && known.end.head < head) known.end = { ...known.end, head, timestamp };
  }

  /** The room's log is another one. */
  forgetRoom(roomId: string): void {
    this.ends.delete(roomId);
  }

  /** Forgets what is too old. Call it now and then. */
  forgetOld(): void {
    const before = this.now() - recentMs;
    for (const [roomId, { at }] of this.ends) if (at < before) this.ends.delete(roomId);
  }
}

const nothing = { head: 0, timestamp: undefined } as const;

interface Entry {
  end: LogEnd | undefined;
  /** When the read began that it is of, Unix milliseconds. */
  at: number;
  /** By this pod, since somebody began to ask; a read that began before does not show it. */
  committed: Pick<LogEnd, 'head' | 'timestamp'>;
}
