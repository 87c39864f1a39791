import { denseSeating } from './bench.ts';
import { openLane } from './measure/lane.ts';
import { measureLoad } from './measure/measure-load.ts';
import { loadLines } from './report/load-lines.ts';
import { startServers } from './systems/servers.ts';
import { startSystem } from './systems/start-system.ts';

/** What to run the dense workload on. */
export interface DenseOptions {
  readonly systems: readonly string[];
  readonly rates: readonly number[];
  readonly seconds: number;
  readonly warmSeconds: number;
  readonly checkout: string | undefined;
  /** Built services of the time before, where `systems` names them. */
  readonly before: string | undefined;
  readonly nodeArgs: readonly string[];
  readonly json: boolean;
}

/** Each rate on each system, one after the other, with one connected crowd a system; prints as it goes. */
export async function runDense(options: DenseOptions): Promise<void> {
  await using servers = await startServers();
  for (const name of options.systems) {
    await using system = await startSystem(servers, name, options);
    await using lane = await openLane(system, denseSeating);
    for (const ratePerSecond of options.rates) {
      const measured = await measureLoad(servers, lane, {
        ratePerSecond,
        seconds: options.seconds,
        warmSeconds: options.warmSeconds,
        characters: 140,
        seed: ratePerSecond,
      });
      process.stdout.write(`${options.json ? JSON.stringify(measured) : loadLines(measured, system.ordered)}\n`);
    }
  }
}
