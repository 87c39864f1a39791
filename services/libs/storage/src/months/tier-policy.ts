import { type MonthYear, monthOf } from '../documents/month.js';
import type { Tier } from '../documents/month-document.js';

/**
 * From which age on a month belongs to a tier, in months: the current month is 0 old, the one before it 1. Each is greater
 * than the one before, so every month has exactly one tier.
 */
export interface TierPolicy {
  /** Default 1: hot is the current month, and those to come. */
  readonly warmAfterMonths: number;
  /** Default 4: warm are the last three. */
  readonly coldAfterMonths: number;
  /** Default 13: cold is what is up to a year old. */
  readonly archiveAfterMonths: number;
}

/** The policy where nobody has set another. */
export const defaultTierPolicy: TierPolicy = { warmAfterMonths: 1, coldAfterMonths: 4, archiveAfterMonths: 13 };

/** From the fastest to the cheapest. */
export const tiers = ['hot', 'warm', 'cold', 'archive'] as const satisfies readonly Tier[];

/** The zone of MongoDB that holds a tier; the archive is none. Zones are named as their tiers. */
export type Zone = Exclude<Tier, 'archive'>;

/** The tiers that are zones. */
export const zones = ['hot', 'warm', 'cold'] as const satisfies readonly Zone[];

/** The tier that a month's age asks for at a time, Unix milliseconds. Pure. */
export function tierOfAge(month: MonthYear, now: number, policy: TierPolicy): Tier {
  const age = monthNumber(monthOf(now)) - monthNumber(month);
  if (age >= policy.archiveAfterMonths) return 'archive';
  if (age >= policy.coldAfterMonths) return 'cold';
  return age >= policy.warmAfterMonths ? 'warm' : 'hot';
}

/**
 * The tier that a month is due for: its age's, but never a warmer one than it is in, whatever the policy or the clock says.
 * A month that is still open is hot. Pure.
 */
export function dueTier(
  { monthYear, state, tier }: { readonly monthYear: MonthYear; readonly state: string; readonly tier: Tier },
  now: number,
  policy: TierPolicy,
): Tier {
  if (state === 'OPEN') return tier;
  return coolerOf(tier, tierOfAge(monthYear, now, policy));
}

/** The cheaper of two tiers. */
export function coolerOf(one: Tier, other: Tier): Tier {
  return tiers.indexOf(one) > tiers.indexOf(other) ? one : other;
}

/** Months since year 0. */
function monthNumber(month: MonthYear): number {
  return Number(month.slice(0, 4)) * 12 + Number(month.slice(5));
}
