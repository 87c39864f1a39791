import { runInSpan } from '@parlance/runtime';
import type { InsertOutcome, MonthYear } from '@parlance/storage';
import type { NewSlot } from '../slots/message-store.js';
import { CommitPace } from './commit-pace.js';
import { endCommitSpan, startCommitSpan, type TracedSend } from './commit-span.js';

/** Characters of texts and metadata in one command; a message that is larger goes all the same. */
const commandCharacters = 1_000_000;

/** How insert commands are made and how many run at a time. */
export interface GroupCommitOptions {
  /** Commands in flight from this pod. Default 3: what arrives meanwhile makes the next command fuller. */
  readonly commandsInFlight?: number;
  /** Messages of one room in a command. Default 64. */
  readonly roomMessages?: number;
  /** Messages in a command. Default 256. */
  readonly messages?: number;
  /**
   * Several messages of a room share a command with other rooms; else they go alone. Default true. Not behind the router
   * of a cluster, which sends an ordered command to one shard after the other.
   */
  sharesOrdered?(): boolean;
}

/** Time, as commands are spaced by it. */
export interface CommitClock {
  /** Milliseconds that only rise. */
  elapsedMs(): number;
  /** Calls back after so many milliseconds. */
  after(ms: number, ring: () => void): void;
}

/** A room that has something to write, as the writing end of its log shows it. */
export interface WaitingRoom {
  /** Messages that an insert command could take now. */
  readonly waiting: number;
  /** An insert command may take from it now. */
  readonly ready: boolean;
  /** Month of the next message; known while the room is on offer. */
  readonly month: MonthYear | undefined;
  /** Answers the callers who have given up by now. */
  expire(): void;
  /** At most so many messages and characters from the front of its queue; at least one message. */
  take(messages: number, characters: number): RoomBatch;
}

/** Slots of one room for an insert command, and who wants to know what became of them. */
export interface RoomBatch {
  readonly slots: readonly NewSlot[];
  /** Whose they are, one a slot. */
  readonly sends: readonly TracedSend[];
  /** Of texts and metadata. */
  readonly characters: number;
  settle(outcomes: readonly InsertOutcome[]): void;
}

/** Sends one insert command; never rejects. */
export type Insert = (month: MonthYear, slots: readonly NewSlot[], ordered: boolean) => Promise<InsertOutcome[]>;

/**
 * Makes insert commands out of the rooms that have something to write, first come first served (R2: the log is the
 * counter). Rooms share an ordered command, each with its messages one behind the other: the server stops at the first
 * error, so no slot is filled before an earlier one of its room. Behind a router a room with several waiting messages gets
 * an ordered command of its own, and all rooms with exactly one share an unordered one. A quiet pod sends at the end of
 * the current turn of the event loop; a busy one gathers, see {@link CommitPace}. Group commit is worth a factor of 15 to
 * 25 against single inserts.
 */
export class GroupCommit {
  private readonly onOffer = new Set<WaitingRoom>();
  private readonly limits: Required<GroupCommitOptions>;
  private readonly pace = new CommitPace();
  private inFlight = 0;
  private scheduled = false;
  /** Offers since the last command: about as many messages wait. */
  private offers = 0;
  /** A timer is set for the next command. */
  private pausing = false;

  constructor(
    private readonly insert: Insert,
    private readonly clock: CommitClock,
    options: GroupCommitOptions = {},
  ) {
    this.limits = { commandsInFlight: 3, roomMessages: 64, messages: 256, sharesOrdered: () => true, ...options };
  }

  /** Puts a room in line; it is taken from once. Offering it again before that only tells of one more message. */
  offer(room: WaitingRoom): void {
    this.onOffer.add(room);
    this.offers++;
    if (this.scheduled || this.inFlight >= this.limits.commandsInFlight) return;
    if (this.pausing && this.offers < this.limits.messages) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      this.fill();
    });
  }

  private fill(isDue = false): void {
    for (let due = isDue; this.inFlight < this.limits.commandsInFlight; due = false) {
      if (!due && !this.isDue()) return;
      const first = this.firstReady();
      if (!first) return;
      this.pausing = false;
      this.offers = 0;
      if (this.limits.sharesOrdered()) this.send(first.month, this.takeShared(first.month), true);
      else if (first.waiting > 1)
        this.send(first.month, [this.takeFrom(first, this.limits.roomMessages, commandCharacters)], true);
      else this.send(first.month, this.takeSingles(first.month), false);
    }
  }

  /** A command may start: it is full, or the pace allows it. Else a timer is set, unless one is. */
  private isDue(): boolean {
    if (this.onOffer.size === 0 || this.offers >= this.limits.messages) return true;
    const waitMs = this.pace.waitMs(this.clock.elapsedMs());
    if (waitMs === 0) return true;
    if (this.pausing) return false;
    this.pausing = true;
    this.clock.after(waitMs, () => {
      // A command that was full has started meanwhile.
      if (!this.pausing) return;
      this.pausing = false;
      this.fill(true);
    });
    return false;
  }

  /** The room longest in line. One that has found something else to do meanwhile comes back by itself. */
  private firstReady(): WaitingRoom | undefined {
    for (const room of this.onOffer) {
      room.expire();
      if (room.ready) return room;
      this.onOffer.delete(room);
    }
    return undefined;
  }

  private takeShared(month: MonthYear | undefined): RoomBatch[] {
    const batches: RoomBatch[] = [];
    let { messages } = this.limits;
    let characters = commandCharacters;
    for (const room of this.onOffer) {
      if (messages <= 0 || characters <= 0) break;
      room.expire();
      if (!room.ready || room.month !== month) continue;
      const batch = this.takeFrom(room, Math.min(messages, this.limits.roomMessages), characters);
      batches.push(batch);
      messages -= batch.slots.length;
      characters -= batch.characters;
    }
    return batches;
  }

  private takeSingles(month: MonthYear | undefined): RoomBatch[] {
    const batches: RoomBatch[] = [];
    for (const room of this.onOffer) {
      if (batches.length >= this.limits.messages) break;
      room.expire();
      if (room.ready && room.waiting === 1 && room.month === month)
        batches.push(this.takeFrom(room, 1, commandCharacters));
    }
    return batches;
  }

  private takeFrom(room: WaitingRoom, messages: number, characters: number): RoomBatch {
    this.onOffer.delete(room);
    return room.take(messages, characters);
  }

  private send(month: MonthYear | undefined, batches: readonly RoomBatch[], ordered: boolean): void {
    if (!month) throw new Error('a room on offer knows its month');
    this.inFlight++;
    const slots = batches.flatMap((batch) => batch.slots);
    this.pace.started(slots.length, this.clock.elapsedMs());
    const span = startCommitSpan(batches);
    void runInSpan(span, () => this.insert(month, slots, ordered)).then((outcomes) => {
      this.inFlight--;
      if (span) endCommitSpan(span, outcomes);
      let start = 0;
      for (const { slots: own, settle } of batches) {
        settle(outcomes.slice(start, start + own.length));
        start += own.length;
      }
      this.fill();
    });
  }
}
