import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadConfig } from '../config.js';
import { reasonOf } from '../reason-of.js';
import type { SupervisorOptions } from '../stack/run-supervisor.js';
import { TerminalProgress } from '../terminal-progress.js';
import { alreadyRunning, nowRunning } from './now-running.js';
import { parentLink } from './parent-link.js';
import { stopSignal } from './stop-signal.js';
import { upInBackground } from './up-in-background.js';

/**
 * `up`: starts everything and stays until Ctrl-C; with `--detach` leaves a supervisor in the background once all is ready.
 * Returns the exit code: 0, also when it runs already; 1 when something could not be started.
 */
export async function up(args: readonly string[], options: UpOptions = {}): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { detach: { type: 'boolean', short: 'd' } } });
  const config = loadConfig();
  const { locations } = config;
  if (values.detach) return upInBackground(config);
  // All else of the command line does without the drivers of MongoDB and Redis, and answers in a third of the time.
  const { runSupervisor } = await import('../stack/run-supervisor.js');
  const parent = parentLink();
  const progress = parent?.progress ?? new TerminalProgress(process.stdout);
  const stop = stopSignal((line) => progress.done(line));
  parent?.onLost(() => stop.abort());
  try {
    const result = await runSupervisor({
      config,
      progress,
      signal: stop.signal,
      services: options.services,
      supervisorLog: parent === undefined ? undefined : join(locations.logDir, 'supervisor.log'),
      onReady: (parts) => (parent === undefined ? progress.done(nowRunning(config, parts, false)) : parent.ready()),
    });
    if (result.outcome === 'already-running') progress.done(alreadyRunning(config, result.pid));
    return 0;
  } catch (error) {
    const text = reasonOf(error);
    if (parent === undefined) progress.done(`\n${text}`);
    else parent.failed(text);
    return 1;
  } finally {
    stop.dispose();
    if (progress instanceof TerminalProgress) progress.close();
  }
}

/** For tests: other services than Parlance's own. */
export interface UpOptions {
  readonly services?: SupervisorOptions['services'];
}
