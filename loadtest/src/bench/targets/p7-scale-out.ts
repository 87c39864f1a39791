import { type Bench, denseSeating } from '../bench.ts';
import type { Lane } from '../measure/lane.ts';
import type { Measurement } from '../measure/measure-load.ts';
import { median } from '../measure/quantiles.ts';
import { type Pairs, ratioOfPairs } from '../pairs/run-pairs.ts';

/** P7: four gateways, and two, in place of one, for rooms whose members share a gateway: a message must not reach the others. */
export async function measureScaleOut(bench: Bench): Promise<void> {
  const { found, budget } = bench;
  const seat = async (gateways: number): Promise<Lane> => {
    const lane = await bench.open(await bench.start('parlance', gateways), {
      ...denseSeating,
      prefix: `on-${gateways}`,
    });
    // As many for each gateway.
    await bench.warmUp(lane, 1_500 * gateways);
    return lane;
  };
  const spec = { ratePerSecond: 500, warmSeconds: 1, seconds: bench.scaled(2), characters: 140 };
  const one = { lane: await seat(1), spec, label: 'one gateway' };
  const four = { lane: await seat(4), spec, label: 'four gateways' };
  const two = { lane: await seat(2), spec, label: 'two gateways' };
  const toFour = await bench.pairs([four, one], budget.part(2));
  const cpuOfFour = ratioOfPairs(toFour, ({ cpuUs }) => cpuUs);
  found.finding({
    what: 'CPU a message at 500/s on 4 gateways, to that on 1',
    value: cpuOfFour.ratio.median,
    unit: 'x',
    limit: { atMost: 1.2 },
    detail: cpuOfFour.notes.join('; '),
  });
  for (const side of [0, 1] as const) found.note(byProcess(toFour, side));
  const toTwo = await bench.pairs([two, one]);
  const cpuOfTwo = ratioOfPairs(toTwo, ({ cpuUs }) => cpuUs);
  found.note(
    `CPU a message on 2 gateways, to that on 1: ${cpuOfTwo.ratio.median.toFixed(2)} x (${cpuOfTwo.notes.join('; ')})`,
  );
  const measured = [...toFour.pairs, ...toTwo.pairs].flat();
  const faults = [...toFour.faults, ...toTwo.faults];
  found.finding({
    what: 'deliveries that are missing, come twice, or go to others, on 1, 2 and 4 gateways',
    value: faults.length + measured.reduce((sum, { result }) => sum + strayed(result), 0),
    unit: '',
    limit: { atMost: 0 },
    detail: [`${measured.reduce((sum, { result }) => sum + result.deliveries, 0)} deliveries`, ...faults].join('; '),
  });
}

/** Deliveries that differ from one to each member of the room, and those to people who are no members. */
function strayed({ sent, deliveries, toStrangers }: Measurement['result']): number {
  return Math.abs(deliveries - sent * denseSeating.members) + toStrangers;
}

function byProcess({ pairs }: Pairs, side: 0 | 1): string {
  const measured = pairs.map((pair) => pair[side]);
  const [{ system, cpu } = { system: '', cpu: [] }] = measured;
  const parts = cpu.map(({ name }, index) => {
    const us = median(measured.map((one) => (one.cpu[index]?.user ?? 0) + (one.cpu[index]?.system ?? 0)));
    return `${name} ${us.toFixed(0)}`;
  });
  return `${system}, us a message by process: ${parts.join(', ')}`;
}
