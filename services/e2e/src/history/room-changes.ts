import { limits } from '@parlance/proto';
import type { Anomaly, AnomalyName } from './anomaly.js';
import type { FinalRoom, FinalRoomEvent } from './final-room.js';
import type { RoomChanged, RoomField, RoomSized } from './observation.js';

/** How long after its answer a change of unknown outcome may still be made, milliseconds: a pod may have been paused with it. */
const lateMs = 30_000;

/** What can be wrong with a room itself. */
export type RoomAnomalyName = Extract<
  AnomalyName,
  'notOneOwner' | 'overLimit' | 'lostChange' | 'eventGap' | 'eventsDisagree'
>;

/** Every change of a room that was asked for, and what the rooms have to be for it. */
export class RoomChanges {
  private readonly byField = new Map<string, RoomChanged[]>();

  /** Notes a change. */
  take(change: RoomChanged): void {
    const key = `${change.roomId}\n${change.field}`;
    const known = this.byField.get(key);
    if (known) known.push(change);
    else this.byField.set(key, [change]);
  }

  /** Takes what an answer said of a room's size; answers what is wrong with it. */
  size({ roomId, participants }: RoomSized): Anomaly[] {
    return crowd(roomId, participants);
  }

  /** Compares with the rooms as they stand in the end. */
  compare(rooms: readonly FinalRoom[]): Anomaly[] {
    const byId = new Map(rooms.map((room) => [room.roomId, room]));
    const lost = [...this.byField.values()].flatMap((changes) => {
      const [first] = changes;
      const room = first && byId.get(first.roomId);
      return room ? lostOf(changes, room) : [];
    });
    return [
      ...lost,
      ...rooms.flatMap((room) => [...owners(room), ...crowd(room.roomId, room.participants.size), ...history(room)]),
    ];
  }
}

/** A room and its events are changed together, so what they say holds whatever became of the answers. */
function history({ roomId, rev, events, ...room }: FinalRoom): Anomaly[] {
  const found: Anomaly[] = [];
  const tell = (name: Anomaly['name'], detail: string): void => void found.push({ name, roomId, detail });
  for (const [index, event] of events.entries()) {
    if (event.rev !== index + 1) tell('eventGap', `event ${event.rev} stands at place ${index + 1}`);
  }
  if (rev !== events.length) tell('eventGap', `the room stands at event ${rev} of ${events.length}`);
  for (const [field, last] of lastWords(events)) {
    const now = valueOf(room, field);
    if (now === undefined || now === last.value) continue;
    tell('eventsDisagree', `${field} is "${now}", and event ${last.rev} says "${last.value}"`);
  }
  return found;
}

/**
 * A field is a register: it holds what was written last. Changes that overlap may have come in either order, so it has to
 * hold one of those that no acknowledged change came wholly after.
 */
function lostOf(changes: readonly RoomChanged[], room: FinalRoom): Anomaly[] {
  const [first] = changes;
  const now = first && valueOf(room, first.field);
  // Ownership comes by inheritance, at a moment that nobody is told.
  if (now === undefined || now === 'owner' || !changes.some(({ outcome }) => outcome === 'done')) return [];
  if (changes.some((one) => one.value === now && !isOverwritten(one, changes))) return [];
  const asked = changes.map(({ value, outcome, startedAt, at }) => {
    return `"${value}" (${outcome}, ${Math.round(startedAt)} to ${Math.round(at)} ms)`;
  });
  const detail = `${first?.field} is "${now}", and was set to ${asked.join(', ')}`;
  return [{ name: 'lostChange', roomId: room.roomId, detail }];
}

function isOverwritten(one: RoomChanged, changes: readonly RoomChanged[]): boolean {
  const until = one.outcome === 'unknown' ? one.at + lateMs : one.at;
  return changes.some((other) => other.outcome === 'done' && other.startedAt > until);
}

/** Undefined: the role of somebody who is not there. */
function valueOf(room: Omit<FinalRoom, 'roomId' | 'rev' | 'events'>, field: RoomField): string | undefined {
  if (field === 'name' || field === 'joinRule' || field === 'historyVisibility') return room[field];
  const [what, , userId = ''] = field.split(' ');
  const role = room.participants.get(userId);
  return what === 'role' ? role : role === undefined ? 'out' : 'in';
}

/** What the events say last of everything that they speak of. */
function lastWords(
  events: readonly FinalRoomEvent[],
): Map<RoomField, { readonly rev: number; readonly value: string }> {
  const words = new Map<RoomField, { readonly rev: number; readonly value: string }>();
  for (const event of events) {
    const { rev, kind, userId, role } = event;
    for (const field of ['name', 'joinRule', 'historyVisibility'] as const) {
      const value = event[field];
      if (value !== undefined) words.set(field, { rev, value });
    }
    if (userId === undefined) continue;
    if (kind === 'joined') words.set(`place of ${userId}`, { rev, value: 'in' });
    if (kind === 'left') words.set(`place of ${userId}`, { rev, value: 'out' });
    if (kind === 'left') words.delete(`role of ${userId}`);
    else if (role !== undefined) words.set(`role of ${userId}`, { rev, value: role });
  }
  return words;
}

function owners({ roomId, roomType, participants }: FinalRoom): Anomaly[] {
  if (roomType === '1v1' || participants.size === 0) return [];
  const owning = [...participants].filter(([, role]) => role === 'owner').map(([userId]) => userId);
  if (owning.length === 1) return [];
  const detail = `${participants.size} participants, owned by ${owning.length === 0 ? 'nobody' : owning.join(' and ')}`;
  return [{ name: 'notOneOwner', roomId, detail }];
}

function crowd(roomId: string, size: number): Anomaly[] {
  if (size <= limits.participants) return [];
  return [{ name: 'overLimit', roomId, detail: `${size} participants where ${limits.participants} are allowed` }];
}
