import type { MonthYear } from '@parlance/storage';
import type { Plan, PlannedStep } from '../plan.js';

/** A room that the user is or was in. */
export interface ErasedRoom {
  readonly roomId: string;
  /** Id of the newest message. */
  readonly head: number;
  /** Up to which message an earlier run has noted that they are erased; 0 when none has. */
  readonly notedUpTo: number;
  /** When it did, Unix milliseconds. */
  readonly notedAt: number | undefined;
  readonly hold: { readonly name: string; readonly by: string; readonly since: Date } | undefined;
  /** Messages of the user whose documents have a text, by month whose collection stands. */
  readonly messages: ReadonlyMap<MonthYear, number>;
  /** Messages of the user that have a text in the archive, by month that has a copy there. */
  readonly archived: ReadonlyMap<MonthYear, number>;
  /** Messages of the user that were emptied, by whom and when ever. */
  readonly emptied: {
    readonly live: ReadonlyMap<MonthYear, number>;
    readonly archived: ReadonlyMap<MonthYear, number>;
  };
  /** Months of the room whose copy in the archive cannot be looked at, each with the reason. */
  readonly unread: ReadonlyMap<MonthYear, string>;
  /** Room events of the user that hold a text and are not what the room shows now. */
  readonly events: number;
}

/** A step of `erase-user`. */
export type EraseUserStep = PlannedStep &
  (
    | { readonly kind: 'held'; readonly roomId: string; readonly hold: string }
    | { readonly kind: 'note'; readonly roomId: string }
    | { readonly kind: 'purge'; readonly roomIds: readonly string[] }
    | { readonly kind: 'fold'; readonly month: MonthYear; readonly messages: number }
    | { readonly kind: 'rewrite'; readonly month: MonthYear; readonly messages: number }
    | { readonly kind: 'finish'; readonly month: MonthYear }
    | { readonly kind: 'events'; readonly roomIds: readonly string[] }
    | { readonly kind: 'left'; readonly month: MonthYear }
  );

/**
 * What is done to erase what somebody has said: first every reader is told not to show it, then it is taken out of where it
 * lies. A room under a hold stays as it is, and is named. Pure.
 *
 * @param unfinished Months that an earlier run of the job has died in.
 */
export function planEraseUser(
  userId: string,
  rooms: readonly ErasedRoom[],
  unfinished: readonly MonthYear[] = [],
): Plan<EraseUserStep> {
  if (rooms.length === 0 && unfinished.length === 0)
    return { verdict: 'nothing', reason: `${userId} was never in a room` };
  const free = rooms.filter(({ hold }) => hold === undefined);
  const steps = [
    ...heldSteps(userId, rooms),
    ...noteSteps(userId, free),
    ...foldSteps(userId, free),
    ...rewriteSteps(userId, free),
    ...finishSteps(free, unfinished),
    ...eventSteps(free),
    ...leftSteps(free),
  ];
  if (steps.length > 0) return { verdict: 'run', steps };
  return { verdict: 'nothing', reason: `nothing that ${userId} has said in ${rooms.length} rooms is left` };
}

function heldSteps(userId: string, rooms: readonly ErasedRoom[]): EraseUserStep[] {
  return rooms.flatMap(({ roomId, hold }): EraseUserStep[] => {
    if (!hold) return [];
    const reason = `the hold ${JSON.stringify(hold.name)} is on it since ${hold.since.toISOString()}, set by ${hold.by}`;
    return [
      { kind: 'held', roomId, hold: hold.name, what: `refused to erase what ${userId} has said in ${roomId}`, reason },
    ];
  });
}

function noteSteps(userId: string, rooms: readonly ErasedRoom[]): EraseUserStep[] {
  const open = rooms.filter(({ head, notedUpTo }) => head > notedUpTo);
  const notes = open.map(({ roomId, head }): EraseUserStep => {
    return {
      kind: 'note',
      roomId,
      what: `tell readers of ${roomId} not to show messages of ${userId} up to ${head}`,
      reason: 'no reader has to wait for documents to be rewritten',
    };
  });
  if (rooms.length === 0) return [];
  const roomIds = rooms.map(({ roomId }) => roomId);
  return [
    ...notes,
    ...(notes.length === 0
      ? []
      : [
          {
            kind: 'purge' as const,
            roomIds,
            what: `delete the cached messages of ${count(roomIds.length, 'room')} from Redis`,
            reason: 'copies of the newest messages lie there for up to a day',
          },
        ]),
  ];
}

function foldSteps(userId: string, rooms: readonly ErasedRoom[]): EraseUserStep[] {
  const byMonth = sumByMonth(rooms.map(({ messages }) => messages));
  return [...byMonth]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([month, messages]) => ({
      kind: 'fold',
      month,
      messages,
      what: `empty ${count(messages, 'message')} of ${userId} in ${month}`,
      reason: 'their documents hold what was said',
    }));
}

function eventSteps(rooms: readonly ErasedRoom[]): EraseUserStep[] {
  const some = rooms.filter(({ events }) => events > 0);
  if (some.length === 0) return [];
  const events = some.reduce((sum, room) => sum + room.events, 0);
  return [
    {
      kind: 'events',
      roomIds: some.map(({ roomId }) => roomId),
      what: `empty ${count(events, 'room event')}`,
      reason: 'they hold names and descriptions that the user gave',
    },
  ];
}

function rewriteSteps(userId: string, rooms: readonly ErasedRoom[]): EraseUserStep[] {
  const byMonth = sumByMonth(rooms.map(({ archived }) => archived));
  return [...byMonth]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([month, messages]) => ({
      kind: 'rewrite',
      month,
      messages,
      what: `write the archive of ${month} anew without ${count(messages, 'message')} of ${userId}, then remove the old one`,
      reason: 'its files hold what was said, and nothing in them can be changed',
    }));
}

function finishSteps(rooms: readonly ErasedRoom[], unfinished: readonly MonthYear[]): EraseUserStep[] {
  const touched = new Set(rooms.flatMap(({ messages, archived }) => [...messages.keys(), ...archived.keys()]));
  return unfinished
    .filter((month) => !touched.has(month))
    .map((month) => ({
      kind: 'finish',
      month,
      what: `finish ${month}`,
      reason: 'a run of this job was stopped there, and may have left files that nobody reads any more',
    }));
}

function leftSteps(rooms: readonly ErasedRoom[]): EraseUserStep[] {
  const reasons = new Map(rooms.flatMap(({ unread }) => [...unread]));
  return [...reasons]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([month, reason]) => ({
      kind: 'left',
      month,
      what: `leave the archive of ${month} as it is; no reader shows what is erased`,
      reason,
    }));
}

/** Adds numbers up by month; months without any are not in it. Pure. */
export function sumByMonth(counts: readonly ReadonlyMap<MonthYear, number>[]): ReadonlyMap<MonthYear, number> {
  const sums = new Map<MonthYear, number>();
  for (const each of counts)
    for (const [month, some] of each) if (some > 0) sums.set(month, (sums.get(month) ?? 0) + some);
  return sums;
}

function count(number: number, what: string): string {
  return number === 1 ? `1 ${what}` : `${number} ${what}s`;
}
