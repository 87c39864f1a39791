import type { ChatMessage, ChatRoom, RoomPosition } from '@parlance/proto';
import type { PendingMessage } from '../outbox/pending-message.js';
import { roomSnapshot } from './room-snapshot.js';
import type { RoomView } from './room-view.js';
import { reduceRoom } from './state/reduce-room.js';
import type { RoomChange } from './state/room-change.js';
import { newRoomState, type RoomState } from './state/room-state.js';
import { trimWindow } from './state/room-window.js';

/** The rooms of one user: applies changes, tells what they did, and shows each room as a snapshot. */
export class RoomStore {
  private readonly _states = new Map<string, RoomState>();
  /** The last snapshot of each room. */
  private readonly _views = new Map<string, RoomView>();
  /** Rooms that have changed since their last snapshot. */
  private readonly isOld = new Set<string>();
  /** Where rooms stood that were shown and are no longer. */
  private readonly gone = new Map<string, Pick<RoomPosition, 'rev' | 'epoch'>>();
  private all: ReadonlyMap<string, RoomView> = new Map();
  private isAllOld = false;

  /**
   * @param pendingOf messages of a room that wait to be sent; the same list until they change.
   * @param changed called after every change of a room.
   * @param windowLimit messages of a room to keep at most while nobody pages back in it.
   */
  constructor(
    private readonly pendingOf: (roomId: string) => readonly PendingMessage[],
    private readonly changed: (step: RoomStep) => void,
    private readonly windowLimit: number,
  ) {}

  /** All rooms as they are now. */
  get views(): ReadonlyMap<string, RoomView> {
    if (this.isAllOld) {
      const all = new Map([...this._states.keys()].flatMap((roomId) => this.entry(roomId)));
      if (!isSameMap(this.all, all)) this.all = all;
      this.isAllOld = false;
    }
    return this.all;
  }

  /** One room as it is now. */
  view(roomId: string): RoomView | undefined {
    const state = this._states.get(roomId);
    if (!state) return undefined;
    const last = this._views.get(roomId);
    if (last && !this.isOld.has(roomId)) return last;
    const view = roomSnapshot(state, this.pendingOf(roomId), last);
    this._views.set(roomId, view);
    this.isOld.delete(roomId);
    return view;
  }

  /** What is behind a view. */
  state(roomId: string): RoomState | undefined {
    return this._states.get(roomId);
  }

  /** What is behind all views. */
  get states(): readonly RoomState[] {
    return [...this._states.values()];
  }

  /** Ids of all rooms. */
  get roomIds(): readonly string[] {
    return [...this._states.keys()];
  }

  /**
   * Adds a room, showing nothing up to `cursor` and telling of nothing up to `oldUpTo`; a known one is only described. Answers
   * false, and adds nothing, when the room went away after it was described like this.
   */
  add(me: string, room: ChatRoom, { cursor, oldUpTo }: { readonly cursor: number; readonly oldUpTo: number }): boolean {
    const { roomId, rev, epoch } = room;
    const gone = this.gone.get(roomId);
    if (this._states.has(roomId)) this.apply(roomId, { kind: 'described', room });
    else if (gone?.epoch === epoch && rev < gone.rev) return false;
    else this.put(roomId, undefined, newRoomState(me, room, cursor, oldUpTo));
    return true;
  }

  /** Begins a room anew that is another than what was shown of it; of what it has now nothing is told as new. */
  restart(room: ChatRoom): void {
    const before = this._states.get(room.roomId);
    if (!before) return;
    const fresh = newRoomState(before.me, room, Math.max(0, room.head - 1), room.head);
    this.put(room.roomId, undefined, fresh);
  }

  /** Applies a change; nothing happens when the room is not known or the change brings nothing. */
  apply(roomId: string, change: RoomChange): void {
    const before = this._states.get(roomId);
    if (!before) return;
    const after = reduceRoom(before, change);
    if (after === before) return;
    if (after.room.participants.includes(after.me)) this.put(roomId, before, after);
    else this.dropRoom(before, after.knownRev);
  }

  /** Forgets a room that is no longer the user's. */
  drop(roomId: string): void {
    const before = this._states.get(roomId);
    if (before) this.dropRoom(before, before.knownRev);
  }

  /** What waits to be sent in a room has changed. */
  pendingChanged(roomId: string): void {
    const state = this._states.get(roomId);
    if (!state) return;
    this.ageView(roomId);
    this.changed({ roomId, before: state, after: state, shown: [] });
  }

  private dropRoom(before: RoomState, rev: number): void {
    const { roomId, epoch } = before.room;
    this._states.delete(roomId);
    this.gone.set(roomId, { rev, epoch });
    this._views.delete(roomId);
    this.isOld.delete(roomId);
    this.isAllOld = true;
    this.changed({ roomId, before, after: undefined, shown: [] });
  }

  /** What a change shows is told in full, also what is too much to be kept. */
  private put(roomId: string, before: RoomState | undefined, whole: RoomState): void {
    const shown = before ? shownBetween(before, whole) : [];
    const after = trimWindow(whole, this.windowLimit);
    this._states.set(roomId, after);
    this.gone.delete(roomId);
    this.ageView(roomId);
    this.changed({ roomId, before, after, shown });
  }

  private ageView(roomId: string): void {
    this.isOld.add(roomId);
    this.isAllOld = true;
  }

  private entry(roomId: string): [string, RoomView][] {
    const view = this.view(roomId);
    return view ? [[roomId, view]] : [];
  }
}

/** One change of one room. */
export interface RoomStep {
  readonly roomId: string;
  /** Undefined when the room was just added. */
  readonly before: RoomState | undefined;
  /** Undefined when the room is gone. */
  readonly after: RoomState | undefined;
  /** Messages that this change put at the end of the window. */
  readonly shown: readonly ChatMessage[];
}

function shownBetween(before: RoomState, after: RoomState): readonly ChatMessage[] {
  if (after.cursor === before.cursor) return [];
  const index = after.messages.findLastIndex(({ messageId }) => messageId <= before.cursor);
  return after.messages.slice(index + 1);
}

/** Both have the same entries. A room that comes back is another view, so the order cannot differ alone. */
function isSameMap(left: ReadonlyMap<string, RoomView>, right: ReadonlyMap<string, RoomView>): boolean {
  return left.size === right.size && [...right].every(([roomId, view]) => left.get(roomId) === view);
}
