import { ChatError, type RoomId, toChatError } from '@parlance/proto';
import { endOfMonth, type InsertOutcome, type MonthYear } from '@parlance/storage';
import type { GroupCommit, RoomBatch, WaitingRoom } from '../commit/group-commit.js';
import type { NewSlot, StoredSlot } from '../slots/message-store.js';
import { storedForm } from '../slots/slot.mapper.js';
import { DeadlineAlarm } from './deadline-alarm.js';
import { fittingSends } from './fitting-sends.js';
import type { LogClock } from './log-clock.js';
import { toSlot } from './new-slot.js';
import type { Announce, Committed, PendingSend, SendResult } from './pending-send.js';
import { mayLieInPrevious, type RoomTail } from './room-tail.js';
import type { SegmentChain } from './segment-chain.js';

/** Sends of one room that may wait for their turn; more are refused until it has caught up. */
const queueLimit = 5_000;

/**
 * The writing end of one room's log on this pod (R2 to R6: slots, retries, months). One step is under way at a
 * time: reading the tail, closing a month, searching for a retry, or one insert command. Other pods may write the same
 * room; the unique index decides every slot, and whoever lost one reads the tail again.
 */
export class RoomLog implements WaitingRoom {
  private readonly queue: PendingSend[] = [];
  /** Sends not yet settled: a second one of a key shares the fate of the first (R5: a client id makes a retry safe). */
  private readonly byKey = new Map<string, PendingSend>();
  private tail: RoomTail | undefined;
  private busy = false;
  /** The step under way, or the last one, and since when; told when a caller gives up. */
  private step: { readonly name: string; readonly since: number } = { name: 'nothing', since: 0 };
  /** What the insert command under way holds. */
  private inFlight: readonly PendingSend[] = [];
  private readonly deadlines: DeadlineAlarm;
  /** Why the queue has to wait, when it does for a reason. */
  private trouble: ChatError | undefined;
  /** Steps in a row that got nowhere; each makes the next wait longer. */
  private retries = 0;
  private usedAt: number;
  /** How often the tail was forgotten: a step that began before brings none. */
  private forgotten = 0;

  constructor(
    private readonly roomId: RoomId,
    private readonly clock: LogClock,
    private readonly chain: Pick<SegmentChain, 'readTail' | 'closeMonth' | 'findStored'>,
    private readonly commit: Pick<GroupCommit, 'offer'>,
    private readonly announce: Announce,
  ) {
    this.usedAt = clock.now();
    this.deadlines = new DeadlineAlarm(
      clock,
      (now) => Math.min(...[...this.byKey.values()].map((send) => send.nextDeadline(now))),
      () => this.expire(),
    );
  }

  /** Messages that an insert command could take now. */
  get waiting(): number {
    return this.queue.length;
  }

  /** An insert command may take from it now. */
  get ready(): boolean {
    return !this.busy && this.tail !== undefined && this.queue.length > 0;
  }

  /** Month of the next message; known while the room is on offer. */
  get month(): MonthYear | undefined {
    return this.tail?.segment.monthYear;
  }

  /** Since when nothing has happened here, Unix milliseconds; undefined while something does. */
  get idleSince(): number | undefined {
    return this.byKey.size > 0 ? undefined : this.usedAt;
  }

  /** Queues a message behind those accepted before it and answers when its fate is known. */
  submit(send: PendingSend): Promise<SendResult> {
    this.usedAt = this.clock.now();
    if (this.byKey.size === 0) this.trouble = undefined;
    const duplicate = this.byKey.get(send.key);
    if (duplicate) {
      duplicate.join(send);
      this.deadlines.watch(send.context.deadlineAt);
    } else if (this.byKey.size >= queueLimit) {
      send.fail(new ChatError('STORE_UNAVAILABLE', { message: 'Too many messages wait for this room; retry.' }));
    } else {
      this.byKey.set(send.key, send);
      this.queue.push(send);
      this.deadlines.watch(send.context.deadlineAt);
      this.advance();
    }
    return send.result;
  }

  /** What is known of the end of the log does not hold any more, as behind a restored backup: it is read again. */
  forgetTail(): void {
    this.forgotten++;
    this.tail = undefined;
    for (const send of this.queue) send.searchedFor = undefined;
    this.advance();
  }

  /**
   * Answers the callers who have given up by now: what only waited is dropped and never inserted, what is in flight may be
   * stored all the same.
   */
  expire(): void {
    const now = this.clock.now();
    if (!this.deadlines.isDue(now)) return;
    const reason = (): ChatError =>
      this.trouble ?? new ChatError('DEADLINE_EXCEEDED', { cause: this.whereabouts(now) });
    for (let index = this.queue.length - 1; index >= 0; index--) {
      const send = this.queue[index];
      if (!send?.isLate(now)) continue;
      if (send.isAwaited(now)) {
        send.abandon(now, reason());
        continue;
      }
      this.queue.splice(index, 1);
      this.forget(send).fail(reason());
    }
    for (const send of this.inFlight) if (send.isLate(now)) send.abandon(now, reason());
    this.deadlines.settled(now);
  }

  /** The next batch: slots head+1, head+2, ... for what fits of the queue (R2: the log is the counter). */
  take(messages: number, mostCharacters: number): RoomBatch {
    const tail = this.tail;
    if (!tail || !this.ready) throw new Error('only a room on offer can be taken from');
    const { count, characters } = fittingSends(this.queue, messages, mostCharacters);
    const sends = this.queue.splice(0, count);
    this.inFlight = sends;
    // A message that waited over the month's end takes the month's last instant; the next one opens the new month.
    const timestamp = Math.min(Math.max(this.clock.now(), tail.timestamp), endOfMonth(tail.segment.monthYear) - 1);
    const slots = sends.map((send, index) => toSlot(this.roomId, send, tail, tail.head + 1 + index, timestamp));
    this.busy = true;
    this.began('insert');
    const forgotten = this.forgotten;
    const known = () => (forgotten === this.forgotten ? tail : undefined);
    return { slots, sends, characters, settle: (outcomes) => this.settle(known(), sends, slots, outcomes) };
  }

  /** Decides the next step. */
  private advance(): void {
    if (this.busy) return;
    this.expire();
    if (this.queue.length === 0) return;
    const tail = this.tail;
    const now = this.clock.now();
    if (!tail) return this.run('read the tail', () => this.load());
    if (now >= endOfMonth(tail.segment.monthYear)) return this.run('close the month', () => this.closeMonth(tail));
    if (mayLieInPrevious(tail, now)) {
      const unsearched = this.queue.filter((send) => send.searchedFor !== tail.segment.monthYear);
      if (unsearched.length > 0)
        return this.run('search the month before', () => this.searchPrevious(tail, unsearched));
    }
    this.began('wait for an insert command');
    this.commit.offer(this);
  }

  private began(name: string): void {
    this.step = { name, since: this.clock.now() };
  }

  private whereabouts(now: number): Error {
    const { name, since } = this.step;
    const counts = `${this.inFlight.length} messages in flight, ${this.queue.length} waiting`;
    return new Error(`since ${now - since} ms it is to ${name}; ${counts}, ${this.retries} retries`);
  }

  /** Takes a step, then decides anew. A passing failure is repeated until the messages' own deadlines. */
  private run(name: string, step: () => Promise<void>): void {
    this.busy = true;
    this.began(name);
    void step()
      .catch((thrown: unknown) => this.stumble(toChatError(thrown)))
      .then(() => {
        this.busy = false;
        this.advance();
      });
  }

  private async stumble(error: ChatError): Promise<void> {
    if (!error.row.retryable || error.reason === 'INTERNAL') {
      for (const send of this.queue.splice(0)) this.forget(send).fail(error);
      return;
    }
    this.trouble = error;
    this.expire();
    await this.clock.backoff(this.retries++);
  }

  /** Reads the tail, and settles what an earlier attempt has stored after all (R3: no answer is no failure). */
  private async load(): Promise<void> {
    const forgotten = this.forgotten;
    const tail = await this.chain.readTail(this.roomId);
    const issued = this.queue.filter((send) => send.issued);
    const stored = issued.length > 0 ? await this.chain.findStored(this.roomId, tail.segment, issued, false) : [];
    this.settleStored(stored);
    const newest = stored.reduce((last, slot) => (slot.messageId > last.messageId ? slot : last), {
      messageId: tail.head,
      timestamp: tail.timestamp,
    });
    if (forgotten === this.forgotten) this.tail = { ...tail, head: newest.messageId, timestamp: newest.timestamp };
  }

  private async closeMonth(tail: RoomTail): Promise<void> {
    this.tail = undefined;
    await this.chain.closeMonth(this.roomId, tail);
  }

  private async searchPrevious(tail: RoomTail, sends: readonly PendingSend[]): Promise<void> {
    if (!tail.previous) return;
    const forgotten = this.forgotten;
    this.settleStored(await this.chain.findStored(this.roomId, tail.previous, sends, true));
    if (forgotten !== this.forgotten) return;
    for (const send of sends) send.searchedFor = tail.segment.monthYear;
  }

  private settleStored(stored: readonly StoredSlot[]): void {
    const found = stored
      .map((slot) => ({ slot, send: this.byKey.get(`${slot.senderId}\n${slot.clientMessageId}`) }))
      .filter((entry): entry is Committed => entry.send !== undefined);
    const own = found.filter(({ slot, send }) => slot._id.equals(send._id));
    if (own.length > 0) this.announce(this.roomId, own);
    if (found.length > 0) this.retries = 0;
    for (const { slot, send } of found) {
      this.queue.splice(this.queue.indexOf(send), 1);
      this.forget(send).settle(slot);
    }
  }

  private settle(
    tail: RoomTail | undefined,
    sends: readonly PendingSend[],
    slots: readonly NewSlot[],
    outcomes: readonly InsertOutcome[],
  ): void {
    this.inFlight = [];
    const stop = outcomes.findIndex(({ kind }) => kind !== 'committed');
    const committed = sends
      .slice(0, stop < 0 ? sends.length : stop)
      .map((send, index) => ({ send, slot: storedForm(slots[index] as NewSlot) }));
    const last = committed.at(-1)?.slot;
    if (last) {
      this.retries = 0;
      this.trouble = undefined;
      if (tail) this.tail = { ...tail, head: last.messageId, timestamp: last.timestamp };
      this.announce(this.roomId, committed);
      for (const { send, slot } of committed) this.forget(send).settle(slot);
    }
    this.busy = false;
    if (stop < 0) return this.advance();
    const [left, why] = [sends.slice(stop), outcomes.slice(stop)];
    if (!tail || !isBehindAnotherRoom(why[0])) return this.retry(left, why);
    this.requeue(left);
    this.advance();
  }

  /**
   * What was not acknowledged goes back to the front of the queue, in its order, and the tail is read again: an own
   * record there is the ack, another record in the slot means that this attempt is dead for good and the message moves
   * to the next one, an empty slot is tried again with the same `_id` (R3: no answer is no failure; R4: a taken slot is
   * read at majority).
   */
  private retry(sends: readonly PendingSend[], outcomes: readonly InsertOutcome[]): void {
    const first = outcomes[0];
    const kept = outcomes.findIndex(({ kind }) => kind !== 'refused');
    const requeued = kept < 0 ? [] : sends.slice(kept);
    for (const [index, send] of sends.slice(0, sends.length - requeued.length).entries()) {
      const outcome = outcomes[index];
      this.forget(send).fail(new ChatError('INTERNAL', { cause: outcome && 'cause' in outcome && outcome.cause }));
    }
    for (const [index, send] of sends.entries()) {
      const kind = outcomes[index]?.kind;
      if (kind === 'taken' || kind === 'unknown') send.issued = true;
    }
    this.requeue(requeued);
    this.tail = undefined;
    const lostRace = first?.kind === 'taken' && this.retries === 0;
    this.run('try again', async () => {
      if (lostRace) this.retries++;
      else
        await this.stumble(
          new ChatError('STORE_UNAVAILABLE', { cause: first && 'cause' in first ? first.cause : first }),
        );
    });
  }

  /** Puts sends back to the front; their callers may have given up meanwhile. */
  private requeue(sends: readonly PendingSend[]): void {
    this.queue.unshift(...sends);
    this.deadlines.unsettle();
  }

  private forget(send: PendingSend): PendingSend {
    this.byKey.delete(send.key);
    return send;
  }
}

/**
 * The server stopped at another room's document before it came to this room's: nothing has happened to the tail, and the
 * same slots may be tried at once.
 */
function isBehindAnotherRoom(outcome: InsertOutcome | undefined): boolean {
  return outcome?.kind === 'notAttempted' && outcome.cause === undefined;
}
