import { endOfMonth, type MonthYear } from '../documents/month.js';

/**
 * How long a send that comes again is looked for in the month before, milliseconds. Seven days are promised; the eighth
 * covers clocks and waiting (R5: a client id makes a retry safe).
 */
export const retryWindowMs = 8 * 24 * 60 * 60 * 1_000;

/**
 * From when on nobody looks for retries in a month any more, Unix milliseconds: whoever sent a message into it did so before
 * its end. Until then it stays in MongoDB, where each of its client ids is found by an index.
 */
export function endOfRetries(month: MonthYear): number {
  return endOfMonth(month) + retryWindowMs;
}
