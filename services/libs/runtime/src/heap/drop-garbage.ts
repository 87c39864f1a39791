import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Collects what a start has left behind, once: V8 would keep its young generation as large as the start made it, and garbage beside what
 * stays, for as long as little happens. 14 of 116 MB of a gateway, for 90 ms of CPU; so call it before anybody waits.
 */
export function dropGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as NodeJS.GCFunction;
  setFlagsFromString('--no-expose-gc');
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}
