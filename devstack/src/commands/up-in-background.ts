import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { DevstackConfig } from '../config.js';
import { lockHolder } from '../process/file-lock.js';
import { readStackState, supervisorFiles } from '../stack/stack-state.js';
import { TerminalProgress } from '../terminal-progress.js';
import { alreadyRunning, nowRunning } from './now-running.js';
import type { SupervisorMessage } from './parent-link.js';
import { stopSignal } from './stop-signal.js';

/**
 * Starts this same command once more without `--detach`, in a session of its own, shows its progress and returns when all is
 * ready (0), or it has failed (1). Ctrl-C meanwhile calls the start off and waits until it has cleaned up (130).
 */
export async function upInBackground(config: DevstackConfig): Promise<number> {
  const { locations } = config;
  const files = supervisorFiles(locations.runDir);
  const progress = new TerminalProgress(process.stdout);
  const stop = stopSignal((line) => progress.done(line));
  try {
    const holder = lockHolder(files.lock);
    if (holder !== undefined) {
      progress.done(alreadyRunning(config, holder.pid));
      return 0;
    }
    const outcome = await superviseInBackground(join(locations.logDir, 'supervisor.log'), progress, stop.signal);
    if (stop.signal.aborted) return 130;
    if (outcome !== 'ready') {
      progress.done(`\n${outcome}`);
      return 1;
    }
    progress.done(nowRunning(config, readStackState(files.state)?.parts ?? [], true));
    return 0;
  } finally {
    stop.dispose();
    progress.close();
  }
}

/** "ready", or what went wrong. */
function superviseInBackground(logFile: string, progress: TerminalProgress, signal: AbortSignal): Promise<string> {
  mkdirSync(join(logFile, '..'), { recursive: true });
  const log = openSync(logFile, 'w');
  const args = process.argv.slice(1).filter((arg) => arg !== '--detach' && arg !== '-d');
  const child = spawn(process.execPath, args, { detached: true, stdio: ['ignore', log, log, 'ipc'] });
  closeSync(log);
  signal.addEventListener('abort', () => child.kill('SIGTERM'), { once: true });
  return new Promise((resolve) => {
    let failure = `the supervisor ended without a word; see ${logFile}`;
    child.on('message', (message: SupervisorMessage) => {
      switch (message.kind) {
        case 'step':
          return progress.step(message.text, message.amount);
        case 'done':
          return progress.done(message.text);
        case 'failed':
          failure = message.text;
          return;
        case 'ready':
          child.disconnect();
          child.unref();
          resolve('ready');
      }
    });
    child.once('error', (error) => resolve(`the supervisor could not be started: ${error.message}`));
    child.once('exit', () => resolve(failure));
  });
}
