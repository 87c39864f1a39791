import { loadLocations } from '../locations.config.js';
import { lockHolder } from '../process/file-lock.js';
import { supervisorFiles } from '../stack/run-supervisor.js';
import { readStackState } from '../stack/stack-state.js';
import { complain, say } from './say.js';

/** `url`: prints where the first gateway answers, for scripts. Returns 0, or 3 when nothing runs. */
export function url(): number {
  const files = supervisorFiles(loadLocations().runDir);
  const running = lockHolder(files.lock) !== undefined;
  const gateway = running
    ? readStackState(files.state)?.parts.find(({ name }) => name.startsWith('gateway'))
    : undefined;
  if (gateway === undefined) {
    complain('no gateway runs here; start one with "make up"');
    return 3;
  }
  say(gateway.address);
  return 0;
}
