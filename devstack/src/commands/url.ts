import { loadLocations } from '../locations.config.js';
import { lockHolder } from '../process/file-lock.js';
import { readStackState, supervisorFiles } from '../stack/stack-state.js';
import { entrance } from '../stack/stack-table.js';
import { complain, say } from './say.js';

/** `url`: prints where the gateways answer (the balancer, or the first of them), for scripts. Returns 0, or 3 when nothing runs. */
export function url(): number {
  const files = supervisorFiles(loadLocations().runDir);
  const running = lockHolder(files.lock) !== undefined;
  const gateway = running ? entrance(readStackState(files.state)?.parts ?? []) : undefined;
  if (gateway === undefined) {
    complain('no gateway runs here; start one with "make up"');
    return 3;
  }
  say(gateway.address);
  return 0;
}
