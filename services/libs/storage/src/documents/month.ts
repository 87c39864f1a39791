/** A calendar month in UTC, `YYYY-MM`. The unit of collections, segments and storage tiers. */
export type MonthYear = string & { readonly __monthYear: unique symbol };

/** Ends of months that were asked for: each message asks for that of its own. */
const ends = new Map<MonthYear, number>();

const pattern = /^(\d{4})-(0[1-9]|1[0-2])$/;

/** The month that holds a point in time, given in Unix milliseconds. */
export function monthOf(timeMs: number): MonthYear {
  return new Date(timeMs).toISOString().slice(0, 7) as MonthYear;
}

/** The month behind a text, or undefined when it is not of the form `YYYY-MM`. */
export function parseMonth(text: string): MonthYear | undefined {
  return pattern.test(text) ? (text as MonthYear) : undefined;
}

/** First millisecond of a month, Unix milliseconds. */
export function startOfMonth(month: MonthYear): number {
  return Date.parse(`${month}-01T00:00:00.000Z`);
}

/** First millisecond after a month, Unix milliseconds. */
export function endOfMonth(month: MonthYear): number {
  const known = ends.get(month);
  if (known !== undefined) return known;
  const end = startOfMonth(addMonths(month, 1));
  ends.set(month, end);
  return end;
}

/** The month `count` months later, or earlier for a negative count. */
export function addMonths(month: MonthYear, count: number): MonthYear {
  const start = new Date(startOfMonth(month));
  return monthOf(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + count, 1));
}

/** Name of the collection that holds a month's messages: `messages_2026_11`. */
export function messageCollectionName(month: MonthYear): string {
  return `messages_${month.replace('-', '_')}`;
}
