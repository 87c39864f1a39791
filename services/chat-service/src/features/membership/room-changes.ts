import type { RoomId } from '@parlance/proto';
import { withUnknownOutcome } from '../../errors/mongo-errors.js';
import type { EventPublisher } from '../../events/event-publisher.js';
import type { CallContext } from '../../requests/call-context.js';
import type { CurrentRoom, CurrentRooms } from './current-rooms.js';
import type { MadeChange, RoomChangeWriter } from './room-change-writer.js';
import type { Decide, RoomChange } from './room-decisions.js';

/**
 * The one way in which a room changes once it exists (R13: only participants, two seconds late at most). So what a
 * decision promises (one owner, no more than so many participants, only the given fields) holds whoever else is
 * changing the room. What is published comes last.
 */
export class RoomChanges {
  /** The last of the changes that wait for each other, by room: those of one pod need not meet in the database. */
  private readonly lines = new Map<RoomId, Promise<unknown>>();

  constructor(
    private readonly writer: RoomChangeWriter,
    private readonly current: CurrentRooms,
    private readonly publisher: EventPublisher,
  ) {}

  /**
   * Carries out a change. What `decide` throws is the answer, and nothing was changed.
   * @throws DEADLINE_EXCEEDED of who stood in line for too long; STORE_UNAVAILABLE.
   */
  async apply(roomId: RoomId, context: CallContext, decide: Decide): Promise<CurrentRoom> {
    const made = await this.inLine(roomId, () => this.writer.make(roomId, context, decide));
    if (!made) return this.current.read(roomId);
    return withUnknownOutcome(async () => {
      await this.writer.complete(roomId, made);
      const changed = await this.current.read(roomId);
      this.publish(changed, made, context.traceId);
      return changed;
    });
  }

  private publish({ end }: CurrentRoom, { changes, memberRev, firstRev }: MadeChange, traceId: string): void {
    const { roomId, epoch } = end.room;
    const place = { roomId, head: end.head, memberRev, epoch, traceId };
    const concerned = (kind: RoomChange['kind']) =>
      changes.flatMap((change, index) =>
        change.kind === kind && change.userId ? [{ userId: change.userId, rev: firstRev + index }] : [],
      );
    this.publisher.joined({ ...place, users: concerned('joined') });
    for (const gone of concerned('left')) this.publisher.left({ ...place, ...gone });
    if (changes.some(({ kind }) => kind === 'updated' || kind === 'role')) this.publisher.updated(end, traceId);
  }

  private inLine<Result>(roomId: RoomId, work: () => Promise<Result>): Promise<Result> {
    const turn = (this.lines.get(roomId) ?? Promise.resolve()).then(work, work);
    this.lines.set(roomId, turn);
    const leave = (): void => {
      if (this.lines.get(roomId) === turn) this.lines.delete(roomId);
    };
    turn.then(leave, leave);
    return turn;
  }
}
