import { describeExit, type ProcessExit } from '../process/process-spec.js';
import { reasonOf } from '../reason-of.js';
import { pause } from '../wait-until.js';

/** A process that ran this long was healthy: its next failure is the first one again. */
const HEALTHY_AFTER_MS = 30_000;

/**
 * Starts a process again whenever it ends without having been asked to, after a pause that doubles with each failure in a row.
 * `report` hears a line about each end and each return. Returns how to let it go.
 */
export function keepAlive(
  child: Revivable,
  report: (line: string) => void,
  now: () => number = () => performance.now(),
): () => void {
  const letGo = new AbortController();
  let failures = 0;
  let startedAt = now();
  let reviving = false;
  const revive = async (): Promise<void> => {
    reviving = true;
    while (!letGo.signal.aborted) {
      if (now() - startedAt > HEALTHY_AFTER_MS) failures = 0;
      await pause(restartDelayMs(failures++), letGo.signal);
      if (letGo.signal.aborted) break;
      startedAt = now();
      try {
        await child.start();
        report(`${child.name} runs again (pid ${child.pid})`);
        break;
      } catch (error) {
        if (letGo.signal.aborted) break;
        report(reasonOf(error));
      }
    }
    reviving = false;
  };
  const off = child.onExit((exit) => {
    if (exit.asked || reviving || letGo.signal.aborted) return;
    report(`${child.name} ${describeExit(exit)}; starting it again (log: ${child.logFile})`);
    void revive(); // never rejects: the loop catches every failed start
  });
  return () => {
    off();
    letGo.abort();
  };
}

/** Pause before restart number `failures` (from 0) of a row: 0.25 s, 0.5 s, 1 s ... and never more than 15 s. */
export function restartDelayMs(failures: number): number {
  return Math.min(15_000, 250 * 2 ** Math.min(failures, 10));
}

/** What of a supervised process is needed here. */
export interface Revivable {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  start(): Promise<void>;
  onExit(listener: (exit: ProcessExit) => void): () => void;
}
