import { ChatError, type RoomId } from '@parlance/proto';
import { rosterOfRows } from '@parlance/storage';
import type { CallContext } from '../../requests/call-context.js';
import type { MongoRoomEventStore } from '../rooms/mongo-room-event-store.js';
import type { MongoRoomStore } from '../rooms/mongo-room-store.js';
import type { ParticipantRows } from './participant-rows.js';
import type { Decide, DecidedRoom, RoomChange } from './room-decisions.js';

/** Pods that meet in one room decide anew this often before they give up. */
const attempts = 50;

/**
 * Writes changes of rooms. A change is decided for the room as it is read now, and written by one command that compares that
 * nothing has changed since; else it is decided anew. Rows of newcomers are written before it, those of the gone are ended
 * after it, then the room events are put where they belong; whoever dies on the way leaves what the next one finds.
 */
export class RoomChangeWriter {
  constructor(
    private readonly rooms: MongoRoomStore,
    private readonly events: MongoRoomEventStore,
    private readonly rows: ParticipantRows,
    private readonly now: () => number,
  ) {}

  /**
   * Makes a change; undefined when there was nothing to change. What `decide` throws is the answer, and nothing was changed.
   * @throws DEADLINE_EXCEEDED when the caller has waited too long; STORE_UNAVAILABLE.
   */
  async make(roomId: RoomId, context: CallContext, decide: Decide): Promise<MadeChange | undefined> {
    const { userId, deadlineAt, requestId, isRepeat } = context;
    let prepared: readonly string[] = [];
    for (let attempt = 0; attempt < attempts; attempt++) {
      // Whoever stood in line too long has been told so, or is about to be: nothing may change after that.
      if (this.now() >= deadlineAt) throw new ChatError('DEADLINE_EXCEEDED');
      const room = await this.read(roomId);
      // Another attempt of the same request has been faster, perhaps long ago.
      if (requestId !== undefined && room.requests.includes(requestId)) return undefined;
      const decision = await this.decide(room, decide, prepared);
      if (!decision) {
        // An attempt that is still under way must not find something to do later.
        if (isRepeat && requestId !== undefined) await this.rooms.noteRequest(roomId, requestId);
        return undefined;
      }
      const { changes, roster, ...rest } = decision;
      const at = new Date(this.now());
      const before = new Set(room.roster.participants);
      const after = new Set(roster?.participants ?? before);
      const entered = [...after].filter((each) => !before.has(each));
      const left = [...before].filter((each) => !after.has(each));
      if (entered.length > 0) await this.rows.enter(room, entered);
      prepared = entered;
      // A room of an earlier build gets its roster with its first change.
      const next = {
        ...rest,
        roster: roster ?? room.roster,
        events: changes.map((each) => ({ ...each, by: userId, at })),
        ...(requestId === undefined ? {} : { requestId }),
      };
      if (await this.rooms.change(room, next)) {
        const firstRev = room.rev + room.unlogged.length + 1;
        return { left, changes, memberRev: room.memberRev + 1, firstRev };
      }
    }
    throw new ChatError('STORE_UNAVAILABLE', { message: 'Too many changes of this room at once; retry.' });
  }

  /** What follows a change that holds: rows of the gone, room events. */
  async complete(roomId: RoomId, { left, memberRev }: MadeChange): Promise<void> {
    await this.rows.leave(roomId, left, memberRev);
    const room = await this.rooms.read(roomId);
    if (room) await this.events.log(room);
  }

  /** Rows that were prepared for an earlier attempt are ended when the answer is no. */
  private async decide(room: DecidedRoom, decide: Decide, prepared: readonly string[]): Promise<ReturnType<Decide>> {
    try {
      return decide(room);
    } catch (refusal) {
      const isIn = new Set(room.roster.participants);
      const outside = prepared.filter((userId) => !isIn.has(userId));
      const { roomId, memberRev } = room;
      await this.rows.leave(roomId as RoomId, outside, memberRev);
      throw refusal;
    }
  }

  private async read(roomId: RoomId): Promise<DecidedRoom> {
    const room = await this.rooms.readWhole(roomId);
    if (!room) throw new ChatError('ROOM_NOT_FOUND');
    const { roster } = room;
    if (roster) return { ...room, roster };
    // An earlier build wrote an event before it raised `rev`.
    const [rows, newest] = await Promise.all([this.rows.inRoom(roomId), this.events.newest(roomId)]);
    return { ...room, roster: rosterOfRows(rows), rev: Math.max(room.rev, newest) };
  }
}

/** A change that holds. */
export interface MadeChange {
  /** Who is in the room no longer. */
  readonly left: readonly string[];
  readonly changes: readonly RoomChange[];
  /** The change's own. */
  readonly memberRev: number;
  /** Number of the first of its events; the others follow. */
  readonly firstRev: number;
}
