import { loadLocations } from '../locations.config.js';
import { lockHolder } from '../process/file-lock.js';
import { readStackState, type StackPart, supervisorFiles } from '../stack/stack-state.js';
import { waitUntil } from '../wait-until.js';
import { complain, say } from './say.js';

/** A drain and a start on a busy machine. */
const RESTART_TIMEOUT_MS = 120_000;

/**
 * `restart NAME`: ends one part after the other whose name is NAME or begins with `NAME-`, and waits until its supervisor has it
 * running again. Returns 0; 1 when one does not come back; 2 when there is no such part; 3 when nothing runs.
 */
export async function restart([name = '']: readonly string[]): Promise<number> {
  const files = supervisorFiles(loadLocations().runDir);
  if (lockHolder(files.lock) === undefined) {
    complain('nothing runs here; start it with "make up"');
    return 3;
  }
  const parts = (): readonly StackPart[] => readStackState(files.state)?.parts ?? [];
  const wanted = parts().filter((part) => part.name === name || part.name.startsWith(`${name}-`));
  if (wanted.length === 0) {
    const names = parts().map((part) => part.name);
    complain(`there is no part "${name}" to restart: NAME is one of ${names.join(', ')}`);
    return 2;
  }
  for (const old of wanted) {
    process.kill(old.pid, 'SIGTERM');
    const heir = await waitUntil(() => parts().find((part) => part.name === old.name && part.pid !== old.pid), {
      what: `${old.name} to run again (its log: ${old.logFile})`,
      timeoutMs: RESTART_TIMEOUT_MS,
    });
    say(`${heir.name} runs again (pid ${heir.pid})`);
  }
  return 0;
}
