import type { MonthYear, ParticipantDocument, RoomDocument } from '@parlance/storage';
import { Long } from 'mongodb';

/** What of a room decides how far it is taken: what it was when its document was read. */
export interface RoomCut {
  readonly roomId: string;
  /** Its chain of months, oldest first. */
  readonly segments: readonly { readonly month: MonthYear; readonly firstId: number }[];
  /** Highest room event that is taken from `room_events`; those above stand in its document. */
  readonly events: number;
}

/** How far a room was taken. */
export interface RoomPosition {
  /** Last month of its chain. */
  readonly month: MonthYear;
  /** Its last slot there, a seal included; one less than the first of the month where it has none. */
  readonly slot: number;
  /** Nothing follows in that month. */
  readonly isSealed: boolean;
  /** Highest room event. */
  readonly events: number;
}

/** The cut of a room. Pure. */
export function roomCutOf({ roomId, segments, rev, unlogged = [] }: RoomDocument): RoomCut {
  const first = unlogged[0];
  return {
    roomId,
    segments: segments.map(({ monthYear, firstId }) => ({ month: monthYear, firstId: Number(firstId) })),
    events: first ? Number(first.rev) - 1 : Number(rev),
  };
}

/**
 * The slot after which a room's records of a month are wanted, going on from an earlier backup; undefined when none are.
 * The chain was read before the month: a month that another follows in it was sealed by then, so all of it is found. Pure.
 */
export function wantedAfter(cut: RoomCut, before: RoomPosition | undefined, month: MonthYear): number | undefined {
  const segment = cut.segments.find((each) => each.month === month);
  if (!segment || (before && before.month > month)) return undefined;
  if (before?.month !== month) return segment.firstId - 1;
  return before.isSealed ? undefined : before.slot;
}

/** Where a room stands before anything of it is read: where the earlier backup left it, or at the begin of its chain. Pure. */
export function startOf(cut: RoomCut, before: RoomPosition | undefined): RoomPosition {
  const last = cut.segments.at(-1);
  if (!last) throw new Error(`room ${cut.roomId} has no months`);
  const stays = before?.month === last.month;
  return {
    month: last.month,
    slot: stays ? before.slot : last.firstId - 1,
    isSealed: stays && before.isSealed,
    events: cut.events,
  };
}

/** The highest message of a room. Pure. */
export function headOf({ slot, isSealed }: RoomPosition): number {
  return isSealed ? slot - 1 : slot;
}

/**
 * A participant's row as it fits the room's document and its log as they were taken. It was read after both, so it may tell
 * of joinings, leavings and marks that they do not have. Pure.
 */
export function cutParticipant(
  row: ParticipantDocument,
  { participants }: Pick<RoomDocument, 'participants'>,
  head: number,
  cutAt: Date,
): ParticipantDocument {
  const isIn = participants?.includes(row.userId);
  const leftAt = isIn === undefined ? row.leftAt : isIn ? null : (row.leftAt ?? cutAt);
  return {
    ...row,
    leftAt,
    firstVisibleId: atMost(row.firstVisibleId, head + 1),
    ...(row.countsFrom !== undefined && { countsFrom: atMost(row.countsFrom, head + 1) }),
    deliveredUpTo: atMost(row.deliveredUpTo, head),
    readUpTo: atMost(row.readUpTo, head),
  };
}

function atMost(value: Long, limit: number): Long {
  return Number(value) > limit ? Long.fromNumber(limit) : value;
}
