import { endOfMonth, type MonthYear } from '@parlance/storage';
import type { Plan, PlannedStep } from '../plan.js';

const dayMs = 24 * 60 * 60_000;

/** A room as retention looks at it. */
export interface RetainedRoom {
  readonly roomId: string;
  readonly policy: {
    readonly retentionDays?: number;
    readonly keepForever?: boolean;
    readonly legalHold?: { readonly name: string; readonly by: string; readonly since: Date };
  };
  /** The chain, oldest first. */
  readonly segments: readonly { readonly monthYear: MonthYear; readonly firstId: number }[];
  /** Id of the newest message. */
  readonly head: number;
  /** First id that is not hidden or erased by age. */
  readonly floor: number;
  /** Everything below is erased by age already; 1 where nothing is. */
  readonly erasedBelow: number;
  /** Hidden and not erased, oldest first; times in Unix milliseconds. */
  readonly cuts: readonly { readonly below: number; readonly hiddenAt: number }[];
}

/** How long what is hidden can be shown again, milliseconds. */
export const undoMs = 30 * 24 * 60 * 60_000;

/** A step of `apply-retention`; a held one changes nothing and says why. */
export type RetentionStep = PlannedStep &
  (
    | { readonly kind: 'hide'; readonly roomId: string; readonly below: number }
    | {
        readonly kind: 'erase';
        readonly roomId: string;
        readonly from: number;
        readonly below: number;
        readonly months: readonly MonthYear[];
      }
    | { readonly kind: 'held'; readonly roomId: string; readonly hold: string }
    | { readonly kind: 'left'; readonly roomId: string; readonly months: readonly MonthYear[] }
  );

/** What else counts. */
export interface RetentionTerms {
  /** Unix milliseconds. */
  readonly now: number;
  /** Of rooms without a policy of their own; undefined keeps forever. */
  readonly globalDays: number | undefined;
  /** Months in an archive that is not configured here: what is in them stays hidden. */
  readonly unreached: ReadonlySet<MonthYear>;
}

/**
 * What becomes of rooms by their age. Whole months go, once the last instant of a month is older than the room's days: so a
 * message is kept at least so long, and a month longer at most. First it is hidden, and thirty days later erased. A hold keeps
 * all of it, and is named. Pure.
 */
export function planRetention(rooms: readonly RetainedRoom[], terms: RetentionTerms): Plan<RetentionStep> {
  const steps = rooms.flatMap((room) => [...eraseSteps(room, terms), ...hideSteps(room, terms)]);
  if (steps.length > 0) return { verdict: 'run', steps };
  return { verdict: 'nothing', reason: `of ${rooms.length} rooms none has a message that is older than it is kept` };
}

function hideSteps(room: RetainedRoom, { now, globalDays }: RetentionTerms): RetentionStep[] {
  const { roomId, policy, segments, head, floor } = room;
  const days = policy.keepForever ? undefined : (policy.retentionDays ?? globalDays);
  if (days === undefined) return [];
  const isOver = ({ monthYear }: (typeof segments)[number]) => endOfMonth(monthYear) <= now - days * dayMs;
  const firstKept = segments.find((segment) => !isOver(segment));
  const below = firstKept?.firstId ?? head + 1;
  if (below <= floor) return [];
  const months = monthsOf(room, floor, below);
  const reason = `${months.map(({ text }) => text).join(', ')} ended more than ${days} days ago`;
  if (policy.legalHold) return [held(roomId, policy.legalHold, `hide messages ${floor} to ${below - 1}`)];
  return [{ kind: 'hide', roomId, below, what: `hide messages ${floor} to ${below - 1} of ${roomId}`, reason }];
}

function eraseSteps(room: RetainedRoom, { now, unreached }: RetentionTerms): RetentionStep[] {
  const { roomId, policy, cuts, erasedBelow } = room;
  const due = cuts.filter(({ hiddenAt }) => hiddenAt + undoMs <= now);
  const below = Math.max(erasedBelow, ...due.map((cut) => cut.below));
  if (below <= erasedBelow) return [];
  const what = `erase messages ${erasedBelow} to ${below - 1}`;
  if (policy.legalHold) return [held(roomId, policy.legalHold, what)];
  const months = monthsOf(room, erasedBelow, below);
  const away = months.filter(({ month }) => unreached.has(month)).map(({ month }) => month);
  if (away.length > 0) {
    const reason = `${away.join(', ')} lie in the archive, and none is configured: ARCHIVE_DRIVER is none; the messages stay hidden`;
    return [
      {
        kind: 'left',
        roomId,
        months: away,
        what: `leave messages ${erasedBelow} to ${below - 1} of ${roomId}`,
        reason,
      },
    ];
  }
  const reason = `${months.map(({ text }) => text).join(', ')}: hidden for more than 30 days`;
  return [
    {
      kind: 'erase',
      roomId,
      from: erasedBelow,
      below,
      months: months.map(({ month }) => month),
      what: `${what} of ${roomId}`,
      reason,
    },
  ];
}

function held(
  roomId: string,
  { name, by, since }: NonNullable<RetainedRoom['policy']['legalHold']>,
  what: string,
): RetentionStep {
  const reason = `the hold ${JSON.stringify(name)} is on it since ${since.toISOString()}, set by ${by}`;
  return { kind: 'held', roomId, hold: name, what: `refused to ${what} of ${roomId}`, reason };
}

/** The months that ids from `from` to `below - 1` lie in, with how many of them. */
function monthsOf({ segments, head }: RetainedRoom, from: number, below: number) {
  return segments.flatMap(({ monthYear: month, firstId }, index) => {
    const last = (segments[index + 1]?.firstId ?? head + 1) - 1;
    const count = Math.min(last, below - 1) - Math.max(firstId, from) + 1;
    return count > 0 ? [{ month, text: `${month} (${count})` }] : [];
  });
}
