import {
  firstAvailableId,
  logEpochOf,
  type MonthYear,
  type RoomDocument,
  type Roster,
  type UnloggedEvent,
} from '@parlance/storage';
import type { Segment } from './segment.js';

/** A room with numbers in place of BSON types, without those who are in it. */
export interface StoredRoom
  extends Omit<
    RoomDocument,
    | '_id'
    | 'logEpoch'
    | 'memberRev'
    | 'rev'
    | 'unlogged'
    | 'requests'
    | 'segments'
    | 'createdAt'
    | 'policy'
    | 'cuts'
    | 'erasedBelow'
    | 'erasures'
    | 'emptying'
    | keyof Roster
  > {
  /** First id that anybody may see: what lies below was taken away by age. */
  readonly floor: number;
  /** Whose messages are erased, up to which id. */
  readonly erasures: readonly { readonly userId: string; readonly upTo: number }[];
  /** Of the log, Unix milliseconds: what is known of the room under another one is of a log that is no more. */
  readonly epoch: number;
  readonly memberRev: number;
  /** Newest room event of those that can be read. */
  readonly rev: number;
  /** Events behind `rev` that have to be put into `room_events` yet. */
  readonly unlogged: readonly UnloggedEvent[];
  /** Unix milliseconds. */
  readonly createdAt: number;
  readonly segments: readonly Segment[];
}

/** A room with those who are in it; undefined where an earlier build wrote it and only the rows know. */
export interface WholeRoom extends StoredRoom {
  readonly roster: Roster | undefined;
  /** Ids of the requests that it was changed by, the newest last. */
  readonly requests: readonly string[];
}

/** A room and who of those that were asked about is in it; undefined where only the rows know. */
export interface RoomAmong {
  readonly room: StoredRoom;
  readonly among: ReadonlySet<string> | undefined;
}

/** A room to be created. Its log starts empty in `monthYear`. */
export interface NewRoom
  extends Omit<StoredRoom, 'epoch' | 'floor' | 'erasures' | 'memberRev' | 'rev' | 'unlogged' | 'segments'> {
  readonly monthYear: MonthYear;
  readonly roster: Roster;
}

/** What an owner or admin may change of a room. */
export type RoomSettings = Pick<StoredRoom, 'metadata' | 'joinRule' | 'historyVisibility'>;

function rosterOf({ participants, ownerId = null, admins = [] }: RoomDocument): Roster | undefined {
  return participants && { participants, ownerId, admins };
}

/** What is stored of a room, with those who are in it. */
export function toWholeRoom(room: RoomDocument): WholeRoom {
  return { ...toStoredRoom(room), roster: rosterOf(room), requests: room.requests ?? [] };
}

/** What is stored of a room, without those who are in it. */
export function toStoredRoom(room: RoomDocument): StoredRoom {
  const { _id, logEpoch: _logEpoch, memberRev, rev, unlogged = [], segments, createdAt, ...others } = room;
  const { participants: _participants, ownerId: _ownerId, admins: _admins, requests: _requests, ...rest } = others;
  const {
    policy: _policy,
    cuts: _cuts,
    erasedBelow: _erasedBelow,
    emptying: _emptying,
    erasures = [],
    ...fields
  } = rest;
  return {
    ...fields,
    epoch: logEpochOf(room),
    floor: firstAvailableId(room),
    erasures: erasures.map(({ userId, upTo }) => ({ userId, upTo: Number(upTo) })),
    memberRev: Number(memberRev),
    rev: Number(rev ?? 0) - unlogged.length,
    unlogged,
    createdAt: createdAt.getTime(),
    segments: segments.map(({ monthYear, firstId, openedAt, end }) => ({
      monthYear,
      firstId: Number(firstId),
      openedAt: openedAt.getTime(),
      ...(end ? { end: { head: Number(end.head), timestamp: end.timestamp?.getTime() } } : {}),
    })),
  };
}
