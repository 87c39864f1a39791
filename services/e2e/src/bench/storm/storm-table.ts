import { renderFacts, withCommas } from '../../program/table.js';
import type { StormPhase } from './run-storm.js';

/** The closing table of a run, for people: one block a phase. */
export function stormTable(phases: readonly StormPhase[]): string {
  const blocks = phases.map((phase) => {
    const { others, crowd, loads } = phase;
    const frames = Object.entries(crowd.frames).map(([name, count]) => `${name} ${withCommas(count)}`);
    const rows: (readonly [string, string])[] = [
      ...(phase.ackMs === undefined ? [] : [['answered', `${phase.answer}, ${phase.ackMs.toFixed(0)} ms`] as const]),
      ['others, sent to shown, ms', spread(others)],
      ['others, refused', withCommas(phase.refused)],
      ['frames to the crowd', frames.join(', ') || 'none'],
      ['frames of one socket', `at most ${crowd.mostFrames}`],
      ['roomJoined told again', withCommas(crowd.duplicates)],
      ['told of the room', withCommas(crowd.told)],
      ['reached by a message', withCommas(crowd.reached)],
      ['connections lost', withCommas(crowd.closed)],
      ['subscriptions lost', withCommas(phase.lostSubscriptions)],
      ...loads.map(
        ({ name, cpuSeconds, longestDelayMs }) =>
          [name, `${cpuSeconds.toFixed(2)} s of CPU, event loop held up ${longestDelayMs.toFixed(0)} ms`] as const,
      ),
      ['load of the machine', phase.machineLoad.toFixed(1)],
    ];
    return `${phase.name}\n${renderFacts(rows.map(([name, value]) => [`  ${name}`, value]))}`;
  });
  return blocks.join('\n\n');
}

function spread({ count, p50, p99, max }: StormPhase['others']): string {
  return `p50 ${p50.toFixed(0)}, p99 ${p99.toFixed(0)}, max ${max.toFixed(0)} of ${withCommas(count)}`;
}
