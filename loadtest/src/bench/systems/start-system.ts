import type { RunningSystem } from './running-system.ts';
import type { Servers } from './servers.ts';
import { startParlance } from './start-parlance.ts';

/** A system by its name. */
export async function startSystem(servers: Servers, name: string, options: SystemOptions): Promise<RunningSystem> {
  if (name === 'parlance') {
    return startParlance(servers, {
      ...(options.checkout && { checkout: options.checkout }),
      nodeArgs: options.nodeArgs,
    });
  }
  throw new Error(`no system is called "${name}"`);
}

/** What may differ. */
export interface SystemOptions {
  readonly checkout: string | undefined;
  readonly nodeArgs: readonly string[];
}
