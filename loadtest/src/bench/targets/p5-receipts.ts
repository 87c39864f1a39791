import type { Bench } from '../bench.ts';
import type { Measurement } from '../measure/measure-load.ts';
import { median, ratioOf } from '../measure/quantiles.ts';
import { runPairs } from '../measure/run-pairs.ts';
import type { TargetResult } from './finding.ts';

/** P5: everybody reports each message as read, at 10 messages a second and room, beside the same without reports. */
export async function measureReceipts(bench: Bench): Promise<TargetResult> {
  const lane = await bench.denseLane('parlance');
  const spec = { ratePerSecond: 200, warmSeconds: 2, seconds: 6, characters: 140 };
  const { say, pairs: count } = bench.options;
  const sides = [
    { lane, spec: { ...spec, reads: true }, label: 'all read' },
    { lane, spec, label: 'nobody reports' },
  ] as const;
  const { pairs, disturbed, faults } = await runPairs(bench.servers, sides, { count: Math.min(3, count), say });
  const cpu = ratioOf(pairs.map(([all, none]) => [all.cpuUs, none.cpuUs]));
  const more = median(pairs.map(([all, none]) => mongoCommands(all) - mongoCommands(none)));
  const events = median(pairs.map(([all]) => eventsOf(all) / (all.result.sent * readers)));
  const detail = [`${pairs.length} pairs`, `${disturbed} discarded`, ...new Set(faults)].join('; ');
  return {
    findings: [
      {
        target: 'P5',
        what: 'MongoDB commands a message and reader',
        value: Math.max(0, more) / readers,
        unit: '',
        limit: { atMost: 0.01 },
      },
      {
        target: 'P5',
        what: 'CPU a message with receipts, to that without',
        value: cpu.median,
        unit: 'x',
        limit: { atMost: 1.5 },
        detail: `${detail}; ${cpu.spread.map((value) => value.toFixed(2)).join(' to ')}`,
      },
      {
        target: 'P5',
        what: 'events of receipts that each member is sent, a message and reader (one event for all marks of 250 ms: 0.04)',
        value: events / readers,
        unit: '',
        limit: { atMost: 0.04 },
      },
    ],
  };
}

const readers = 10;

function mongoCommands({ commands }: Measurement): number {
  const counts = Object.entries(commands).filter(([name]) => name.startsWith('mongodb '));
  return counts.reduce((sum, [, count]) => sum + count, 0);
}

function eventsOf({ result }: Measurement): number {
  const perSecond = (result.events['messageStatusUpdate'] ?? 0) / (result.seconds + 2);
  return perSecond * result.seconds;
}
