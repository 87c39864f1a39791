import { loadLocations } from '../locations.config.js';
import { sweepLeftovers } from './ledger.js';
import type { ProcessSpec } from './process-spec.js';
import { SupervisedProcess } from './supervised-process.js';

/**
 * Starts a child process, waits until it is ready and keeps hold of it. It is ended when this process ends in any way but
 * SIGKILL, and after that by the next start. The first start in a ledger folder also stops what earlier owners left behind.
 */
export async function startProcess(spec: ProcessSpec): Promise<SupervisedProcess> {
  const ledgerDir = spec.ledgerDir ?? loadLocations().ledgerDir;
  await sweptOnce(ledgerDir);
  spec.signal?.throwIfAborted();
  const started = new SupervisedProcess(spec, ledgerDir);
  await started.start();
  return started;
}

const swept = new Map<string, Promise<unknown>>();

/** Stops, once in the life of this process, what earlier owners left behind in a ledger folder: also frees the ports they held. */
export function sweptOnce(ledgerDir: string): Promise<unknown> {
  const sweep = swept.get(ledgerDir) ?? sweepLeftovers(ledgerDir);
  swept.set(ledgerDir, sweep);
  return sweep;
}
