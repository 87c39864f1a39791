const minuteMs = 60_000;
const quarterMs = 15 * minuteMs;

const bounds = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 6],
] as const;

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

const parts = {
  minute: 'numeric',
  hour: 'numeric',
  hourCycle: 'h23',
  day: 'numeric',
  month: 'numeric',
  weekday: 'short',
} as const;

/**
 * The moments at which a schedule of five fields is due in a time zone, from one moment up to before another. A wall-clock time
 * that does not exist is no moment, and one that exists twice is two: so Kubernetes counts. Understands `*`, numbers, lists, ranges
 * and steps; throws on the rest. Pure.
 */
export function cronTimes(schedule: string, timeZone: string, from: Date, until: Date): readonly Date[] {
  const fields = schedule.split(' ');
  if (fields.length !== 5) throw new Error(`${schedule} has not five fields`);
  const [minute, hour, day, month, weekday] = fields.map((field, index) => valuesOf(field, bounds[index] ?? [0, 0]));
  // As in every cron: of day and weekday one is enough, unless one of them says nothing.
  const isAnyDay = fields[2] === '*' || fields[4] === '*';
  const wall = new Intl.DateTimeFormat('en-GB', { ...parts, timeZone });
  const times: Date[] = [];
  for (let block = Math.floor(from.getTime() / quarterMs) * quarterMs; block < until.getTime(); block += quarterMs) {
    // Clocks differ from UTC, and are changed, by whole quarters of an hour.
    const found = Object.fromEntries(wall.formatToParts(block).map(({ type, value }) => [type, value]));
    const isDay = day?.has(Number(found['day'])) === true;
    const isWeekday = weekday?.has(weekdays.indexOf(found['weekday'] ?? '')) === true;
    const isDue =
      hour?.has(Number(found['hour'])) === true &&
      month?.has(Number(found['month'])) === true &&
      (isAnyDay ? isDay && isWeekday : isDay || isWeekday);
    if (!isDue) continue;
    for (let at = block; at < block + quarterMs; at += minuteMs) {
      const isMinute = minute?.has(Number(found['minute']) + (at - block) / minuteMs) === true;
      if (isMinute && at >= from.getTime() && at < until.getTime()) times.push(new Date(at));
    }
  }
  return times;
}

function valuesOf(field: string, [least, most]: readonly [number, number]): ReadonlySet<number> {
  const values = new Set<number>();
  for (const item of field.split(',')) {
    const match = /^(?:\*|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(item);
    if (!match) throw new Error(`${field} is not understood`);
    const [, low, high, step] = match;
    const first = low === undefined ? least : Number(low);
    const last = low === undefined || (step !== undefined && high === undefined) ? most : Number(high ?? low);
    for (let value = first; value <= last; value += Number(step ?? 1)) values.add(value);
  }
  return values;
}
