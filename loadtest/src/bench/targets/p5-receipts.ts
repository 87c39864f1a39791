import type { Bench } from '../bench.ts';
import type { Measurement } from '../measure/measure-load.ts';
import { median } from '../measure/quantiles.ts';
import { ratioOfPairs } from '../pairs/run-pairs.ts';

/** P5: everybody reports each message as read, at 10 messages a second and room, beside the same without reports. */
export async function measureReceipts(bench: Bench): Promise<void> {
  const lane = await bench.denseLane('parlance');
  const spec = { ratePerSecond: 200, warmSeconds: 1, seconds: bench.scaled(3), characters: 140 };
  const measured = await bench.pairs([
    { lane, spec: { ...spec, reads: true }, label: 'all read' },
    { lane, spec, label: 'nobody reports' },
  ]);
  const { pairs } = measured;
  const { ratio, notes } = ratioOfPairs(measured, ({ cpuUs }) => cpuUs);
  const more = median(pairs.map(([all, none]) => mongoCommands(all) - mongoCommands(none)));
  bench.found.finding({
    what: 'MongoDB commands a message and reader',
    value: Math.max(0, more) / readers,
    unit: '',
    limit: { atMost: 0.01 },
  });
  bench.found.finding({
    what: 'CPU a message with receipts, to that without',
    value: ratio.median,
    unit: 'x',
    limit: { atMost: 1.5 },
    detail: notes.join('; '),
  });
  bench.found.finding({
    what: 'events of receipts that each member is sent, a message and reader (one event for all marks of 250 ms: 0.04)',
    value: median(pairs.map(([all]) => eventsOf(all))) / readers ** 2,
    unit: '',
    limit: { atMost: 0.04 },
  });
}

const readers = 10;

function mongoCommands({ commands }: Measurement): number {
  const counts = Object.entries(commands).filter(([name]) => name.startsWith('mongodb '));
  return counts.reduce((sum, [, count]) => sum + count, 0);
}

/** A message, of all that everybody in its room is sent. */
function eventsOf({ result }: Measurement): number {
  return (result.events['messageStatusUpdate'] ?? 0) / result.sentInAll;
}
