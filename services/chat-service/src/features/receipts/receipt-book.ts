import { ChatError, toChatError } from '@parlance/proto';
import type { Marks } from '../rooms/marks.js';

/** Where marks go. */
export interface MarkSink {
  /** Raises marks for good; rejects when it cannot tell that it has. Whoever reads after it resolves sees them. */
  raise(marks: readonly Marks[]): Promise<void>;
  /** Resolves at the time of the next write, given that the last one was at `lastAt`. */
  nextWrite(lastAt: number): Promise<void>;
  /** Told of all marks that one write has raised, once they are stored. */
  raised(all: readonly RaisedMarks[]): void;
}

/** Marks of a participant that have risen. */
export interface RaisedMarks {
  readonly marks: Marks;
  /** What they were. */
  readonly before: Marks;
  /** `reported` by the user, or only `sent`, which everybody sees by the message itself. */
  readonly how: 'reported' | 'sent';
}

/** A mark is forgotten when nothing was heard of it for this long; forgetting costs one write too many, no more. */
const idleMs = 10 * 60_000;

/** Between two writes when nobody waits for them: marks of those who have only sent something, milliseconds. */
const sentMs = 1_000;

/**
 * Gathers receipts and writes them in batches: one write command for everything that has come since the last one,
 * however often the same reader reported (R12: marks only rise). What is not above the known mark is answered at once
 * and never written.
 */
export class ReceiptBook {
  private readonly entries = new Map<string, Entry>();
  private dirty = new Set<Entry>();
  private writing = false;
  /** Somebody waits for the next write. */
  private reported = false;
  private lastAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly sink: MarkSink,
    private readonly now: () => number,
  ) {}

  /** A user reports a mark. Resolves when it, or a higher one, is stored. Rejects with STORE_UNAVAILABLE. */
  async report(marks: Marks): Promise<void> {
    const entry = this.entryOf(marks);
    if (marks.delivered <= entry.stored.delivered && marks.read <= entry.stored.read) return;
    entry.reported = true;
    this.reported = true;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    entry.waiting.push({ resolve, reject });
    this.want(entry, marks);
    await promise;
  }

  /**
   * A user has sent a message: with it they have read everything before it (R12: marks only rise). `known` is the mark
   * that the caller knows of, for a user that the book has not met. Stored with the next batch.
   */
  sent(roomId: string, userId: string, messageId: number, known: number): void {
    const marks = { roomId, userId, delivered: messageId, read: messageId };
    const entry = this.entryOf(marks);
    if (Math.max(entry.wanted.read, known) >= messageId) return;
    this.want(entry, marks);
  }

  /** Marks of a user that are stored or about to be: at least what the caller has read of them. */
  ahead<Read extends OwnMarks>(read: Read): Read {
    const wanted = this.entries.get(keyOf(read))?.wanted;
    if (!wanted) return read;
    const readUpTo = Math.max(read.readUpTo, wanted.read);
    return { ...read, readUpTo, deliveredUpTo: Math.max(read.deliveredUpTo, wanted.delivered, readUpTo) };
  }

  /** Forgets marks that nobody has touched for a while. */
  forgetIdle(): void {
    const before = this.now() - idleMs;
    for (const [key, entry] of this.entries) {
      if (entry.usedAt < before && !this.dirty.has(entry)) this.entries.delete(key);
    }
  }

  /**
   * The room's log is another one: marks of it do not count any more, and those on their way may lie beyond its end. Whoever
   * reported them is told to try again.
   */
  forgetRoom(roomId: string): void {
    for (const [key, entry] of this.entries) {
      if (entry.stored.roomId !== roomId) continue;
      this.entries.delete(key);
      this.dirty.delete(entry);
      for (const { reject } of entry.waiting) reject(new ChatError('STORE_UNAVAILABLE'));
    }
  }

  private entryOf(marks: Marks): Entry {
    const key = keyOf(marks);
    const known = this.entries.get(key);
    if (known) {
      known.usedAt = this.now();
      return known;
    }
    const none: Marks = { ...marks, delivered: -1, read: -1 };
    const entry: Entry = { stored: none, wanted: none, waiting: [], reported: false, usedAt: this.now() };
    this.entries.set(key, entry);
    return entry;
  }

  private want(entry: Entry, marks: Marks): void {
    entry.wanted = higher(entry.wanted, marks);
    this.dirty.add(entry);
    if (!this.writing) void this.write();
  }

  /** Until the next write: whoever reported waits for it, and of what was only sent a second's worth goes together. */
  private async pause(): Promise<void> {
    let at = this.lastAt;
    do {
      await this.sink.nextWrite(at);
      at = this.now();
    } while (!this.reported && at - this.lastAt < sentMs);
  }

  private async write(): Promise<void> {
    this.writing = true;
    while (this.dirty.size > 0) {
      await this.pause();
      // A room may have been forgotten meanwhile.
      if (this.dirty.size === 0) break;
      this.lastAt = this.now();
      const entries = [...this.dirty].map((entry) => {
        const { wanted: marks, waiting, reported } = entry;
        entry.waiting = [];
        entry.reported = false;
        return { entry, marks, waiting, reported };
      });
      this.dirty = new Set();
      this.reported = false;
      try {
        await this.sink.raise(entries.map(({ marks }) => marks));
        this.sink.raised(
          entries.map(({ entry, marks, reported }) => {
            const before = entry.stored;
            entry.stored = higher(before, marks);
            return { marks: entry.stored, before, how: reported ? 'reported' : 'sent' };
          }),
        );
        for (const { waiting } of entries) for (const { resolve } of waiting) resolve();
      } catch (thrown) {
        for (const { waiting } of entries) {
          for (const { reject } of waiting) reject(toChatError(thrown));
        }
      }
    }
    this.writing = false;
  }
}

/** A user's own marks, as they were read. */
export interface OwnMarks {
  readonly roomId: string;
  readonly userId: string;
  readonly deliveredUpTo: number;
  readonly readUpTo: number;
}

function keyOf({ roomId, userId }: Pick<Marks, 'roomId' | 'userId'>): string {
  return `${roomId}\n${userId}`;
}

interface Entry {
  /** What is known to be stored. */
  stored: Marks;
  /** What was reported, stored or on its way. */
  wanted: Marks;
  waiting: { resolve(): void; reject(error: unknown): void }[];
  /** The user reported it, so others are told. */
  reported: boolean;
  usedAt: number;
}

function higher(left: Marks, right: Marks): Marks {
  return {
    ...left,
    delivered: Math.max(left.delivered, right.delivered, right.read),
    read: Math.max(left.read, right.read),
  };
}
