import { ChatError, type RoomId, type UserId } from '@parlance/proto';
import { type RosterRole, rolesOf, rosterOfRows } from '@parlance/storage';
import type { MongoParticipantStore, Place } from './mongo-participant-store.js';
import type { MongoRoomStore } from './mongo-room-store.js';
import type { StoredRoom, WholeRoom } from './stored-room.js';

/** A current participant. */
export interface Participant extends Place {
  readonly role: RosterRole;
}

/** A room with its current participants, as it stood at some moment of the last two seconds. */
export interface RoomView {
  readonly room: StoredRoom;
  readonly participants: ReadonlyMap<UserId, Participant>;
}

/**
 * How old a view may be. A pod learns of a membership change that another pod acknowledged at most this much later, so
 * a send may be accepted up to two seconds after a removal was acknowledged (R13: only participants, two seconds late
 * at most).
 */
const freshMs = 2_000;

/** A view in use that is older than this is renewed with the next one that has to be. */
const agingMs = 1_000;

/** Views that are renewed by one command. */
const roomsAtATime = 200;

/** Participants are read again after this long even if `memberRev` stands still: their marks have moved. */
const participantsMs = 60_000;

/** A view without use for this long is forgotten; later than anything else that this pod remembers of a room. */
const idleMs = 15 * 60_000;

/**
 * Rooms and participants in this pod's memory. A view is at most two seconds old: then the room is read again, and its
 * participants only if `memberRev` has moved. Here a pod learns that a room's log has begun a new epoch, or is gone.
 */
export class RoomCache {
  private readonly views = new Map<
    RoomId,
    { view: RoomView; readAt: number; participantsAt: number; usedAt: number }
  >();
  private readonly reading = new Map<RoomId, Promise<RoomView | undefined>>();
  /** Rooms in use whose views will soon be too old: they are read together with the next one that is. */
  private readonly aging = new Set<RoomId>();
  /** Rooms that changed while they were being read. Their waiters get a second reading, and keep their order. */
  private readonly changed = new Set<RoomId>();

  constructor(
    private readonly rooms: MongoRoomStore,
    private readonly participants: Pick<MongoParticipantStore, 'inRoom'>,
    private readonly now: () => number,
    /** A room's log is another one than it was, or is gone: what others remember of it does not hold any more. */
    private readonly replaced: (roomId: RoomId) => void = () => undefined,
  ) {}

  /**
   * The view if it is fresh, without waiting. It is not while somebody waits for it to be read, though another room's
   * reading may have renewed it: a send that needs not wait would overtake those that do (R11: sends keep their order).
   */
  fresh(roomId: RoomId): RoomView | undefined {
    if (this.reading.has(roomId)) return undefined;
    const entry = this.views.get(roomId);
    const now = this.now();
    // A clock that was set back must not keep a view fresh for longer.
    if (!entry || now < entry.readAt || now - entry.readAt > freshMs) return undefined;
    entry.usedAt = now;
    if (now - entry.readAt > agingMs) this.aging.add(roomId);
    return entry.view;
  }

  /** The view, read if need be; undefined when there is no such room. Waiters of one room share one read. */
  async find(roomId: RoomId): Promise<RoomView | undefined> {
    const fresh = this.fresh(roomId);
    if (fresh) return fresh;
    const underWay = this.reading.get(roomId);
    if (underWay) return underWay;
    const reading = this.read(roomId).finally(() => this.reading.delete(roomId));
    this.reading.set(roomId, reading);
    return reading;
  }

  /** The view as the room is now, for an answer about the room itself; undefined when there is no such room. */
  async current(roomId: RoomId): Promise<RoomView | undefined> {
    const known = this.views.get(roomId);
    if (known) this.views.set(roomId, { ...known, readAt: Number.NEGATIVE_INFINITY });
    if (this.reading.has(roomId)) this.changed.add(roomId);
    return this.find(roomId);
  }

  /**
   * The view and the user's place in it. A room that is absent and one that is not the user's to see give the same
   * answer, ROOM_NOT_FOUND; an open room gives NOT_A_PARTICIPANT.
   */
  async requireParticipant(roomId: RoomId, userId: UserId): Promise<{ view: RoomView; participant: Participant }> {
    const view = await this.findFor(roomId, userId);
    const participant = view?.participants.get(userId);
    if (view && participant) return { view, participant };
    throw notInRoom(view?.room);
  }

  /**
   * The view; read anew before it says that somebody is not in the room, who may have joined a moment ago through another
   * pod. Only outsiders cost this second reading.
   */
  async findFor(roomId: RoomId, userId: UserId): Promise<RoomView | undefined> {
    const since = this.now();
    const view = await this.find(roomId);
    if (!view || view.participants.has(userId)) return view;
    if ((this.views.get(roomId)?.readAt ?? since) < since) this.forget(roomId);
    return this.find(roomId);
  }

  /** Forgets a view after a change made by this pod. */
  forget(roomId: RoomId): void {
    const known = this.views.get(roomId);
    // Its epoch is remembered, to be compared with.
    const never = Number.NEGATIVE_INFINITY;
    if (known) this.views.set(roomId, { ...known, readAt: never, participantsAt: never });
    if (this.reading.has(roomId)) this.changed.add(roomId);
  }

  /** Forgets the views that nobody uses. */
  forgetIdle(): void {
    const before = this.now() - idleMs;
    for (const [roomId, { usedAt }] of this.views) if (usedAt < before) this.views.delete(roomId);
  }

  private async read(roomId: RoomId): Promise<RoomView | undefined> {
    let view = await this.readOnce(roomId);
    while (this.changed.delete(roomId)) view = await this.readOnce(roomId);
    return view;
  }

  private async readOnce(roomId: RoomId): Promise<RoomView | undefined> {
    const readAt = this.now();
    const known = this.views.get(roomId);
    const isCurrent = known && readAt - known.participantsAt < participantsMs;
    const room = isCurrent ? await this.readWithAging(roomId, readAt) : undefined;
    if (isCurrent && room && isSame(room, known.view.room)) {
      const view = { room, participants: known.view.participants };
      this.views.set(roomId, { ...known, view, readAt, usedAt: readAt });
      return view;
    }
    const whole = await this.rooms.readWhole(roomId);
    if (!whole || (known && known.view.room.epoch !== whole.epoch)) {
      this.views.delete(roomId);
      this.replaced(roomId);
    }
    if (!whole) return undefined;
    const { roster, ...now } = whole;
    const view = { room: now, participants: await this.readParticipants(roomId, roster) };
    this.views.set(roomId, { view, readAt, participantsAt: readAt, usedAt: readAt });
    return view;
  }

  /** A room's document. Views of others that will soon be too old are renewed by the same command, if the rooms stand. */
  private async readWithAging(roomId: RoomId, readAt: number): Promise<StoredRoom | undefined> {
    this.aging.delete(roomId);
    const others = [...this.aging].slice(0, roomsAtATime).map((id) => ({ id, known: this.views.get(id) }));
    for (const { id } of others) this.aging.delete(id);
    const rooms = await this.rooms.readMany([roomId, ...others.map(({ id }) => id)]);
    const found = new Map(rooms.map((room) => [room.roomId, room]));
    for (const { id, known } of others) {
      const room = found.get(id);
      // Another entry: it was read again or forgotten meanwhile. What has changed is read when it is asked for.
      if (!room || !known || this.views.get(id) !== known || !isSame(room, known.view.room)) continue;
      this.views.set(id, { ...known, view: { room, participants: known.view.participants }, readAt });
    }
    return found.get(roomId);
  }

  /** Those whom the room names, with their rows. Rows are there before the room names them. */
  private async readParticipants(
    roomId: RoomId,
    roster: WholeRoom['roster'],
  ): Promise<ReadonlyMap<UserId, Participant>> {
    const rows = await this.participants.inRoom(roomId);
    const roles = rolesOf(roster ?? rosterOfRows(rows));
    return new Map(
      rows.flatMap((row) => {
        const role = roles.get(row.userId);
        return role ? [[row.userId, { ...row, role }] as const] : [];
      }),
    );
  }
}

/** Nobody has come or gone, and its log is the same. */
function isSame(room: StoredRoom, before: StoredRoom): boolean {
  return room.memberRev === before.memberRev && room.epoch === before.epoch;
}

/** What someone outside a room is told of it. */
export function notInRoom(room: Pick<StoredRoom, 'joinRule'> | undefined): ChatError {
  return new ChatError(room?.joinRule === 'open' ? 'NOT_A_PARTICIPANT' : 'ROOM_NOT_FOUND');
}
