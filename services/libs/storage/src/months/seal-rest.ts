import { endOfMonth, type MonthYear } from '../documents/month.js';

/**
 * How long after its end a month is left alone, in milliseconds. No pod writes to it by then: what waited over the end
 * has met its deadline, and a pod whose clock is wrong is not ready (R6: a month ends with its seal; R7: a sealed month
 * takes nothing more).
 */
const restMs = 24 * 60 * 60 * 1_000;

/** From when on a month may be sealed, Unix milliseconds. */
export function sealableFrom(month: MonthYear): number {
  return endOfMonth(month) + restMs;
}
