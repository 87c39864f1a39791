import { loadLocations } from '../locations.config.js';
import { lockHolder } from '../process/file-lock.js';
import { endStranger, sweepLeftovers } from '../process/ledger.js';
import { readStackState, removeStackState, supervisorFiles } from '../stack/stack-state.js';
import { say } from './say.js';

/** Ten seconds for each part that insists, a few parts after another. */
const STOP_TIMEOUT_MS = 45_000;

/**
 * `down`: has the supervisor of this `.parlance` folder stop what it started and waits for its end; stops what is left where the
 * supervisor is gone. Nothing running is fine too. Returns 0.
 */
export async function down(): Promise<number> {
  const { runDir, ledgerDir } = loadLocations();
  const files = supervisorFiles(runDir);
  const supervisor = lockHolder(files.lock);
  if (supervisor !== undefined) {
    const names = readStackState(files.state)?.parts.map(({ name }) => name) ?? [];
    say(
      `stopping ${names.length > 0 ? names.toReversed().join(', ') : 'a start under way'} (supervisor pid ${supervisor.pid})`,
    );
    await endStranger({ name: 'the supervisor', ...supervisor }, STOP_TIMEOUT_MS);
  }
  const leftovers = await sweepLeftovers(ledgerDir);
  for (const { name, pid } of leftovers) say(`stopped ${name} (pid ${pid}), left behind by an earlier run`);
  removeStackState(files.state);
  say(supervisor !== undefined || leftovers.length > 0 ? 'stopped' : 'nothing was running');
  return 0;
}
