import { owned, type Roster, type RosterRole, rosterOfRows, type UnnumberedEvent } from '@parlance/storage';
import type { Plan, PlannedStep } from '../plan.js';

/** Rooms that a step names. */
const named = 20;

const texts: ReadonlyMap<RoomFault, { readonly what: string; readonly reason: string }> = new Map([
  ['absent', { what: 'take out participants', reason: 'the room names some who have no row, or one that has ended' }],
  ['noOwner', { what: 'name an owner', reason: 'nobody who is there owns it' }],
  ['owners', { what: 'make owners admins', reason: 'it has more than one owner; the first to join stays' }],
  ['loose', { what: 'end rows', reason: 'they say that somebody is in the room, and the room does not' }],
  ['unlogged', { what: 'log room events', reason: 'a pod has left them in the document' }],
]);

/** A row of `participants` without end. */
export interface AuditedRow {
  readonly userId: string;
  /** Only in rows of an earlier build. */
  readonly role?: RosterRole;
  /** Unix milliseconds. */
  readonly joinedAt: number;
  /** The room's `memberRev` that the stay was prepared at, 0 in rows of an earlier build. */
  readonly memberRev: number;
}

/** A group with all that says who is in it. */
export interface AuditedRoom {
  readonly roomId: string;
  readonly memberRev: number;
  /** Undefined where only the rows say it. */
  readonly roster: Roster | undefined;
  /** Events that stand in the document. */
  readonly unlogged: number;
  readonly rows: readonly AuditedRow[];
}

/** What can be wrong with who is in a room. */
export type RoomFault = 'absent' | 'noOwner' | 'owners' | 'loose' | 'unlogged';

/** How a room is mended: what it becomes, what is told of that, and what is put in order beside it. */
export interface Mending {
  readonly faults: readonly RoomFault[];
  readonly roster: Roster;
  /** Empty when the document is right. */
  readonly events: readonly Pick<UnnumberedEvent, 'kind' | 'userId' | 'role'>[];
  /** Whose rows are ended. */
  readonly loose: readonly string[];
}

/** How long a joining may be under way that has written its row and not been decided, milliseconds. */
export const joiningMs = 60 * 60_000;

/**
 * What is wrong with a group and what it has to become; `now` in Unix milliseconds. Who has no row can neither read nor
 * write, so the room is told that they have left. Then the owner is the one who is named and there, else the first admin
 * to join, else the first to join; of two owners that an earlier build left behind, all but the first are admins. Pure.
 */
export function mendingOf({ roster, rows, memberRev, unlogged }: AuditedRoom, now: number): Mending {
  const stored = roster ?? rosterOfRows(rows);
  const hasRow = new Set(rows.map(({ userId }) => userId));
  const absent = stored.participants.filter((userId) => !hasRow.has(userId));
  const present = stored.participants.filter((userId) => hasRow.has(userId));
  const next = owned({
    ...stored,
    participants: present,
    admins: stored.admins.filter((userId) => hasRow.has(userId)),
  });
  const heir = next.ownerId !== null && next.ownerId !== stored.ownerId ? [next.ownerId] : [];
  const owners = rows.filter(({ userId, role }) => !roster && role === 'owner' && userId !== next.ownerId);
  const isIn = new Set(stored.participants);
  const loose = rows.filter(
    (row) => !isIn.has(row.userId) && (row.memberRev < memberRev || row.joinedAt < now - joiningMs),
  );
  return {
    faults: [
      ...some('absent', absent),
      ...some('noOwner', heir),
      ...some('owners', owners),
      ...some('loose', loose),
      ...(unlogged > 0 ? (['unlogged'] as const) : []),
    ],
    roster: next,
    events: [
      ...absent.map((userId) => ({ kind: 'left', userId }) as const),
      ...heir.map((userId) => ({ kind: 'role', userId, role: 'owner' }) as const),
      ...owners.map(({ userId }) => ({ kind: 'role', userId, role: 'admin' }) as const),
    ],
    loose: loose.map(({ userId }) => userId),
  };
}

/** A step of `audit`: one kind of fault, with the rooms that have it. */
export type AuditStep = PlannedStep & { readonly kind: RoomFault };

/** What has to be done to the rooms that have faults, by kind. Pure. */
export function planAudit(found: ReadonlyMap<RoomFault, readonly string[]>, looked: number): Plan<AuditStep> {
  const steps = [...texts].flatMap(([kind, { what, reason }]): AuditStep[] => {
    const rooms = found.get(kind) ?? [];
    if (rooms.length === 0) return [];
    const more = rooms.length > named ? ` and ${rooms.length - named} more` : '';
    const list = `${rooms.slice(0, named).join(', ')}${more}`;
    return [{ kind, what: `${what} in ${count(rooms.length)}`, reason: `${reason}: ${list}` }];
  });
  if (steps.length > 0) return { verdict: 'run', steps };
  return { verdict: 'nothing', reason: `of ${count(looked)} that are groups, each is as it should be` };
}

function some<Kind extends RoomFault>(kind: Kind, concerned: readonly unknown[]): Kind[] {
  return concerned.length > 0 ? [kind] : [];
}

function count(rooms: number): string {
  return rooms === 1 ? '1 room' : `${rooms} rooms`;
}
