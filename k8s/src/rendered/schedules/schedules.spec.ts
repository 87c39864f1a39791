import { beforeAll, describe, expect, it } from 'vitest';
import { findHelm } from '../find-helm.js';
import { chartCases, renderChart } from '../render-chart.js';
import { cronTimes } from './cron-times.js';

/** Days around which clocks are changed somewhere: Berlin and New York in 2027, and Lord Howe by half an hour. */
const changes = ['2027-03-14', '2027-03-28', '2027-04-04', '2027-10-03', '2027-10-31', '2027-11-07'];
const dayMs = 86_400_000;
/** Runs on each of the three UTC days around a change. */
function runs(schedule: string, timeZone: string, change: string): readonly number[] {
  const key = `${schedule} ${timeZone} ${change}`;
  const counted = counts.get(key);
  if (counted !== undefined) return counted;
  const counting = [-1, 0, 1].map((offset) => {
    const from = new Date(Date.parse(change) + offset * dayMs);
    return cronTimes(schedule, timeZone, from, new Date(from.getTime() + dayMs)).length;
  });
  counts.set(key, counting);
  return counting;
}
/** What `runs` has counted: charts have many schedules in common. */
const counts = new Map<string, readonly number[]>();
const helm = await findHelm(4);

describe('when a schedule is due', () => {
  const due = (schedule: string, zone: string, day: string, days = 1): readonly string[] =>
    cronTimes(schedule, zone, new Date(day), new Date(Date.parse(day) + days * dayMs)).map((at) => at.toISOString());

  it('is told by its fields', () => {
    expect(due('10 4 * * *', 'Etc/UTC', '2027-01-01')).toEqual(['2027-01-01T04:10:00.000Z']);
    expect(due('0 7 1 * *', 'Etc/UTC', '2027-01-01', 40)).toEqual([
      '2027-01-01T07:00:00.000Z',
      '2027-02-01T07:00:00.000Z',
    ]);
    expect(due('0 6 * * 0', 'Etc/UTC', '2027-01-01', 9)).toEqual(['2027-01-03T06:00:00.000Z']);
    expect(due('*/20 1-2 * * *', 'Etc/UTC', '2027-01-01')).toHaveLength(6);
    expect(due('0 0 13 * 5', 'Etc/UTC', '2027-01-11', 7)).toHaveLength(2);
    expect(() => due('@daily', 'Etc/UTC', '2027-01-01')).toThrow('five fields');
  });

  it('is never in an hour that is left out, and twice in one that comes twice', () => {
    expect(due('30 2 * * *', 'Europe/Berlin', '2027-03-28')).toEqual([]);
    expect(due('30 2 * * *', 'Europe/Berlin', '2027-10-31')).toEqual([
      '2027-10-31T00:30:00.000Z',
      '2027-10-31T01:30:00.000Z',
    ]);
  });
});

describe.skipIf(helm === undefined).each(chartCases)('the schedules of $name', (each) => {
  let schedules: readonly { readonly name: string; readonly schedule: string; readonly timeZone: string }[];
  beforeAll(async () => {
    schedules = (await renderChart(String(helm), each))
      .filter(({ kind }) => kind === 'CronJob')
      .map(({ metadata: { name }, spec }) => {
        const { schedule, timeZone } = spec as unknown as { readonly schedule: string; readonly timeZone: string };
        return { name, schedule, timeZone };
      });
  });

  it('are as often on a day when clocks are changed as on any other', () => {
    for (const { name, schedule, timeZone } of schedules) {
      for (const change of changes) {
        const isDaily = /^\d+ \d+ \* \* \*$/.test(schedule);
        const usual = isDaily ? [1, 1, 1] : runs(schedule, 'Etc/UTC', change);
        expect(runs(schedule, timeZone, change), `${name} ${change}`).toEqual(usual);
      }
    }
  });
});
