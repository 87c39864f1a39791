import { loadLocations } from '../locations.config.js';
import { lockHolder } from '../process/file-lock.js';
import { readStackState, supervisorFiles } from '../stack/stack-state.js';
import { stackTable } from '../stack/stack-table.js';
import { say } from './say.js';

/** `status`: prints what runs. Returns 0 when it runs, 3 when not (as `systemctl status` does). */
export function status(): number {
  const { runDir, parlanceDir } = loadLocations();
  const files = supervisorFiles(runDir);
  const supervisor = lockHolder(files.lock);
  if (supervisor === undefined) {
    say(`Parlance is not running in ${parlanceDir}`);
    return 3;
  }
  const state = readStackState(files.state);
  say(`Parlance is ${state?.phase ?? 'starting'} in ${parlanceDir} (supervisor pid ${supervisor.pid})`);
  if (state !== undefined && state.parts.length > 0) say(stackTable(state.parts, process.cwd()));
  return 0;
}
