import type { RunningSystem } from './running-system.ts';
import type { Servers } from './servers.ts';
import { type BaselineName, startBaseline } from './start-baseline.ts';
import { startParlance } from './start-parlance.ts';

/** A system by its name: "parlance", "before" (an older build of it), or a baseline. */
export async function startSystem(servers: Servers, name: string, options: SystemOptions): Promise<RunningSystem> {
  if (name === 'parlance' || name === 'before') {
    const checkout = name === 'before' ? options.before : options.checkout;
    if (name === 'before' && checkout === undefined) throw new Error('there is no build of the time before');
    return startParlance(servers, { ...options, name, checkout });
  }
  if (baselines.includes(name as BaselineName)) return startBaseline(servers, name as BaselineName);
  throw new Error(`no system is called "${name}": there are parlance, before, ${baselines.join(', ')}`);
}

const baselines: readonly BaselineName[] = ['L0', 'L1', 'L1m', 'L2'];

/** What may differ; of Parlance only. */
export interface SystemOptions {
  /** Checkout whose built services run as "parlance"; default: this one. */
  readonly checkout?: string | undefined;
  /** The same for "before". */
  readonly before?: string | undefined;
  readonly nodeArgs?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly gateways?: number;
}
