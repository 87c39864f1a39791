import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { sizeOf } from '../binaries/sources/report-growth.js';
import { loadLocations } from '../locations.config.js';
import { tryFileLock } from '../process/file-lock.js';
import { sweepLeftovers } from '../process/ledger.js';
import { supervisorFiles } from '../stack/stack-state.js';
import { complain, say } from './say.js';

/** `clean-data`: removes what the servers have stored. Refuses (1) while they run; nobody can start them meanwhile. */
export async function cleanData(): Promise<number> {
  const { runDir, dataDir, ledgerDir } = loadLocations();
  const lock = tryFileLock(supervisorFiles(runDir).lock);
  if (!lock.taken) {
    complain(`Parlance is running (supervisor pid ${lock.holder.pid}): stop it first with "make down".`);
    return 1;
  }
  try {
    await sweepLeftovers(ledgerDir);
    if (!existsSync(dataDir)) {
      say(`${dataDir} is not there: nothing to remove`);
      return 0;
    }
    const megabytes = (sizeOf(dataDir) / 1_000_000).toFixed(0);
    await rm(dataDir, { recursive: true, force: true });
    say(`removed ${dataDir} (${megabytes} MB)`);
    return 0;
  } finally {
    lock.release();
  }
}
