import { ChatError, type RoomId } from '@parlance/proto';
import type { RoomDecision, Roster, UnnumberedEvent } from '@parlance/storage';
import { rosterOfRows } from '@parlance/storage';
import type { CallContext } from '../../call-context.js';
import { withUnknownOutcome } from '../../errors/mongo-errors.js';
import type { EventPublisher } from '../../events/event-publisher.js';
import type { MongoParticipantStore } from '../rooms/mongo-participant-store.js';
import type { MongoRoomEventStore } from '../rooms/mongo-room-event-store.js';
import type { MongoRoomStore, StoredRoom, WholeRoom } from '../rooms/mongo-room-store.js';
import type { RoomCache, RoomView } from '../rooms/room-cache.js';
import type { LogEnd, LogReader } from '../slots/log-reader.js';

/** What changing a room works with. */
export interface RoomChangePorts {
  readonly rooms: MongoRoomStore;
  readonly participants: MongoParticipantStore;
  readonly events: MongoRoomEventStore;
  readonly roomCache: RoomCache;
  readonly log: LogReader;
  readonly publisher: EventPublisher;
  now(): number;
}

/** A room as a change of it is decided. */
export interface DecidedRoom extends WholeRoom {
  readonly roster: Roster;
}

/** What has happened in a room, without what every event has. */
export type RoomChange = Omit<UnnumberedEvent, 'by' | 'at'>;

/** What is to become of a room, and what is told of it. Undefined: it is so already. */
export type Decide = (
  room: DecidedRoom,
) => (Omit<RoomDecision, 'events'> & { readonly changes: readonly RoomChange[] }) | undefined;

/** A room after a change, with the end of its log. */
export interface ChangedRoom {
  readonly view: RoomView;
  readonly end: LogEnd;
}

/** Pods that meet in one room decide anew this often before they give up. */
const attempts = 50;

/**
 * The one way in which a room changes once it exists (R13). A change is decided for the room as it is read now, and
 * written by one command that compares that nothing has changed since; else it is decided anew. So what a decision
 * promises (one owner, no more than so many participants, only the given fields) holds whoever else is changing the room.
 * Rows of newcomers are written before it, those of the gone are ended after it, then the room events are put where they
 * belong; whoever dies on the way leaves what the next one finds. What is published comes last.
 */
export class RoomChanges {
  /** The last of the changes that wait for each other, by room: those of one pod need not meet in the database. */
  private readonly lines = new Map<RoomId, Promise<unknown>>();

  constructor(private readonly ports: RoomChangePorts) {}

  /**
   * Carries out a change. What `decide` throws is the answer, and nothing was changed. Errors: DEADLINE_EXCEEDED of who
   * stood in line for too long; STORE_UNAVAILABLE.
   */
  async apply(roomId: RoomId, context: CallContext, decide: Decide): Promise<ChangedRoom> {
    const made = await this.inLine(roomId, () => this.make(roomId, context, decide));
    if (!made) return this.reread(roomId);
    return withUnknownOutcome(async () => {
      const { rooms, participants, events, publisher } = this.ports;
      const { left, changes, memberRev, firstRev } = made;
      if (left.length > 0) await participants.leave(roomId, left, memberRev, this.now());
      const room = await rooms.read(roomId);
      if (room) await events.log(room);
      const changed = await this.reread(roomId);
      const { epoch } = changed.end.room;
      const place = { roomId, head: changed.end.head, memberRev, epoch, trace: context.trace };
      const concerned = (kind: RoomChange['kind']) =>
        changes.flatMap((change, index) =>
          change.kind === kind && change.userId ? [{ userId: change.userId, rev: firstRev + index }] : [],
        );
      publisher.joined({ ...place, users: concerned('joined') });
      for (const gone of concerned('left')) publisher.left({ ...place, ...gone });
      if (changes.some(({ kind }) => kind === 'updated' || kind === 'role')) {
        publisher.updated(changed.end, context.trace);
      }
      return changed;
    });
  }

  /** Unix milliseconds. */
  now(): number {
    return this.ports.now();
  }

  /** The room as it is now, not as it is remembered. */
  async reread(roomId: RoomId): Promise<ChangedRoom> {
    const { roomCache, log } = this.ports;
    roomCache.forget(roomId);
    const view = await roomCache.find(roomId);
    if (!view) throw new ChatError('ROOM_NOT_FOUND');
    return { view, end: await log.end(view.room) };
  }

  private async make(roomId: RoomId, context: CallContext, decide: Decide): Promise<MadeChange | undefined> {
    const { rooms } = this.ports;
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
        if (isRepeat && requestId !== undefined) await rooms.noteRequest(roomId, requestId);
        return undefined;
      }
      const { changes, roster, ...rest } = decision;
      const at = new Date(this.now());
      const before = new Set(room.roster.participants);
      const after = new Set(roster?.participants ?? before);
      const entered = [...after].filter((each) => !before.has(each));
      const left = [...before].filter((each) => !after.has(each));
      if (entered.length > 0) await this.enter(room, entered);
      prepared = entered;
      // A room of an earlier build gets its roster with its first change.
      const next = {
        ...rest,
        roster: roster ?? room.roster,
        events: changes.map((each) => ({ ...each, by: userId, at })),
        ...(requestId === undefined ? {} : { requestId }),
      };
      if (await rooms.change(room, next)) {
        const firstRev = room.rev + room.unlogged.length + 1;
        return { left, changes, memberRev: room.memberRev + 1, firstRev };
      }
    }
    throw new ChatError('STORE_UNAVAILABLE', { message: 'Too many changes of this room at once; retry.' });
  }

  /** Rows that were prepared for an earlier attempt are ended when the answer is no. */
  private async decide(room: DecidedRoom, decide: Decide, prepared: readonly string[]): Promise<ReturnType<Decide>> {
    try {
      return decide(room);
    } catch (refusal) {
      const isIn = new Set(room.roster.participants);
      const outside = prepared.filter((userId) => !isIn.has(userId));
      const { roomId, memberRev } = room;
      if (outside.length > 0) await this.ports.participants.leave(roomId as RoomId, outside, memberRev, this.now());
      throw refusal;
    }
  }

  private async read(roomId: RoomId): Promise<DecidedRoom> {
    const { rooms, participants, events } = this.ports;
    const room = await rooms.readWhole(roomId);
    if (!room) throw new ChatError('ROOM_NOT_FOUND');
    const { roster } = room;
    if (roster) return { ...room, roster };
    // An earlier build wrote an event before it raised `rev`.
    const [rows, newest] = await Promise.all([participants.inRoom(roomId), events.newest(roomId)]);
    return { ...room, roster: rosterOfRows(rows), rev: Math.max(room.rev, newest) };
  }

  private async enter(room: StoredRoom, userIds: readonly string[]): Promise<void> {
    const { head } = await this.ports.log.head(room);
    const firstVisibleId = room.historyVisibility === 'joined' ? head + 1 : 1;
    const { memberRev } = room;
    const entry = { userIds, memberRev, firstVisibleId, head, joinedAt: this.now() };
    await this.ports.participants.enter(room.roomId as RoomId, entry);
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

/** A change that holds. */
interface MadeChange {
  /** Who is in the room no longer. */
  readonly left: readonly string[];
  readonly changes: readonly RoomChange[];
  /** The change's own. */
  readonly memberRev: number;
  /** Number of the first of its events; the others follow. */
  readonly firstRev: number;
}
