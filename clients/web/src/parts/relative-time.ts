import { dayNumber } from './day-number.js';

/** Making one costs more than using it a thousand times. */
const formatters = new Map<string, Intl.DateTimeFormat>();

/**
 * When something happened, as short as a list needs it: `now`, `5 min`, `14:05` today, `Yesterday`, the weekday of the
 * last six days, else the date. Times are Unix milliseconds, shown in local time. Pure but for the time zone.
 *
 * @param locale default: the browser's.
 */
export function relativeTime(then: number, now: number, locale?: string): string {
  const minutes = Math.floor((now - then) / 60_000);
  const days = dayNumber(now) - dayNumber(then);
  if (minutes < 1) return 'now';
  if (minutes < 60) return `${minutes} min`;
  if (days === 0) return clockTime(then, locale);
  if (days === 1) return 'Yesterday';
  if (days < 7) return format(then, { weekday: 'long' }, locale);
  const isThisYear = new Date(then).getFullYear() === new Date(now).getFullYear();
  return format(then, { day: 'numeric', month: 'short', ...(isThisYear ? {} : { year: 'numeric' }) }, locale);
}

/** The time of day: `14:05`, or what the locale makes of it. */
export function clockTime(then: number, locale?: string): string {
  return format(then, { hour: '2-digit', minute: '2-digit' }, locale);
}

/** The heading of a day in a conversation: `Today`, `Yesterday`, `Monday, 3 March`, with the year when it is another. */
export function dayLabel(then: number, now: number, locale?: string): string {
  const days = dayNumber(now) - dayNumber(then);
  if (days === 0) return 'Today';
  if (days === 1) return 'Yesterday';
  const isThisYear = new Date(then).getFullYear() === new Date(now).getFullYear();
  return format(
    then,
    { weekday: 'long', day: 'numeric', month: 'long', ...(isThisYear ? {} : { year: 'numeric' }) },
    locale,
  );
}

/** Date and time in full, for tooltips and for "read at". */
export function fullTime(then: number, locale?: string): string {
  return format(then, { dateStyle: 'medium', timeStyle: 'short' }, locale);
}

function format(then: number, options: Intl.DateTimeFormatOptions, locale: string | undefined): string {
  const key = `${locale}:${JSON.stringify(options)}`;
  const formatter = formatters.get(key) ?? new Intl.DateTimeFormat(locale, options);
  formatters.set(key, formatter);
  return formatter.format(then);
}
