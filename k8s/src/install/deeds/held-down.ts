import { setTimeout as delay } from 'node:timers/promises';
import type { Installation } from '../release/installation.js';

/** For pods that their set makes anew: kubectl (1.35.4) may take one of the same name for that which was deleted, and wait for ever. */
export const unawaited = '--wait=false';

/**
 * Deletes a pod without grace and keeps the next one from starting for a while: no node takes pods meanwhile. Resolves when as many pods of the
 * selector are ready as there were.
 */
export async function heldDown(
  installation: Installation,
  pod: string,
  selector: string,
  seconds: number,
): Promise<void> {
  const { length } = await installation.pods(selector);
  const nodes = (await installation.kubectl('get', 'nodes', '--output', 'name')).trim().split('\n');
  await installation.kubectl('cordon', ...nodes);
  try {
    await installation.kubectl('delete', 'pod', pod, '--grace-period=0', '--force', unawaited);
    await delay(seconds * 1_000);
  } finally {
    await installation.kubectl('uncordon', ...nodes);
  }
  await installation.ready(selector, length);
}
