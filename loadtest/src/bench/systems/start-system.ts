import type { RunningSystem } from './running-system.ts';
import type { Servers } from './servers.ts';
import { type BaselineName, startBaseline } from './start-baseline.ts';
import { startParlance } from './start-parlance.ts';

/** A system by its name. */
export async function startSystem(servers: Servers, name: string, options: SystemOptions): Promise<RunningSystem> {
  if (name === 'parlance') {
    return startParlance(servers, {
      ...(options.checkout && { checkout: options.checkout }),
      nodeArgs: options.nodeArgs,
    });
  }
  if (baselines.includes(name as BaselineName)) return startBaseline(servers, name as BaselineName);
  throw new Error(`no system is called "${name}": there are parlance, ${baselines.join(', ')}`);
}

const baselines: readonly BaselineName[] = ['L0', 'L1', 'L1m', 'L2'];

/** What may differ. */
export interface SystemOptions {
  readonly checkout: string | undefined;
  readonly nodeArgs: readonly string[];
}
