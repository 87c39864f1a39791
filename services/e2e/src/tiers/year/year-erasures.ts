import type { MonthYear } from '@parlance/storage';
import { shuffled } from '../../seeded-random.js';
import type { PlannedRoom } from '../people/room-plan.js';

/** From this month on, the first being 0, months lie in the archive and there is something to erase in it. */
const firstMonth = 4;

/** Somebody is erased in every third month. */
const everyMonths = 3;

/**
 * Who is erased in which month: somebody of the largest room, who has spoken in every month and is silent from then on, as
 * one whose tokens were revoked. Half of that room stays. Pure.
 */
export function planErasures(
  rooms: readonly PlannedRoom[],
  months: readonly MonthYear[],
  random: () => number,
): ReadonlyMap<MonthYear, string> {
  const [largest] = rooms.toSorted((one, other) => sum(other.messages) - sum(one.messages));
  // The first of a room reads it for the year.
  const users = shuffled(largest?.users.slice(1) ?? [], random).slice(0, Math.floor((largest?.users.length ?? 0) / 2));
  const due = months.filter((_, index) => index >= firstMonth && (index - firstMonth) % everyMonths === 0);
  return new Map(
    due.flatMap((month, index) => {
      const user = users[index];
      return user === undefined ? [] : [[month, user] as const];
    }),
  );
}

function sum(messages: readonly number[]): number {
  return messages.reduce((all, some) => all + some, 0);
}
