import { renderFacts, withCommas } from '../../program/table.js';
import type { JobSummary } from '../operator/job-ledger.js';
import { yearAnomalies } from './year-anomaly.js';
import { isCleanYear, type YearReport } from './year-report.js';

/** The closing table of a year, for people. */
export function yearTable(report: YearReport): string {
  const { tally, final, restored, anomalies } = report;
  const rows: (readonly [string, string])[] = [
    ['seed', String(report.seed)],
    ['seconds', report.seconds.toFixed(0)],
    ['messages sent', withCommas(tally.sends)],
    ['acknowledged', withCommas(tally.acknowledged)],
    ['rooms read wholly', `${withCommas(tally.roomsRead)} times, ${withCommas(tally.messagesRead)} messages`],
    [
      'calls repeated',
      `${withCommas(tally.repeatedCalls)}, for ${(tally.longestRepeatMs / 1_000).toFixed(1)} s at most`,
    ],
    ...final.months.map(
      ({ monthYear, state, tier, counts }) =>
        [
          `month ${monthYear}`,
          `${state} ${tier}${counts ? `, ${withCommas(Number(counts.messages))} messages` : ''}`,
        ] as const,
    ),
    ...report.jobs.map((job) => [`job ${job.job}`, textOf(job)] as const),
    ...[...report.disturbances].map(([name, count]) => [name, `${count} times`] as const),
    ...report.skipped.map((text) => ['SKIPPED', text] as const),
    ['users erased', String(report.erased.size)],
    ['rooms equal to the oracle', `${final.equalRooms} of ${final.rooms}`],
    ['rooms equal when restored', restored ? `${restored.equalRooms} of ${restored.rooms}` : 'not restored'],
    ['anomalies', String(anomalies.length)],
    ...Object.keys(yearAnomalies).map(
      (name) => [`  ${name}`, String(anomalies.filter((each) => each.name === name).length)] as const,
    ),
    ['verdict', isCleanYear(report) ? 'clean' : 'NOT CLEAN'],
  ];
  return renderFacts(rows);
}

function textOf({
  done,
  killed,
  again,
  struck,
  repeatedSteps,
  plannedByKilled,
  killedSeconds,
  seconds,
}: JobSummary): string {
  const kills =
    killed === 0
      ? ''
      : `, killed ${killed} times${struck.length > 0 ? ` (once each at ${struck.join(', ')})` : ''}; planned again ${repeatedSteps} of ${plannedByKilled} steps, ${killedSeconds.toFixed(1)} s of ${seconds.toFixed(1)} s in killed runs`;
  return `done ${done} times${again > 0 ? `, told to run again ${again} times` : ''}${kills}`;
}
