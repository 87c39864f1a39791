import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { runPhases, type ShutdownPhase } from './run-phases.js';

/**
 * Takes over how this process ends.
 *
 * On the first of `signals` (or `begin`) others are told, where `announce` was called, and everything is served as before
 * for a while. Then the added phases run one after another, the last added first, like destructors:
 * what was opened last depends on what was opened before. Each phase may use an equal share of the time that is left,
 * so a fast phase leaves its time to the later ones; a phase that exceeds its share is logged by name and left behind.
 * All done in time exits 0; a phase that failed or hung exits 1 after the others have run. A further signal ends the
 * while at once, and exits 1 at once when the phases run already.
 *
 * An uncaught exception or unhandled rejection is logged as fatal and exits 1 at once, without phases: the state of
 * the process is unknown by then.
 */
export function createShutdown(options: ShutdownOptions): Shutdown {
  const { graceMs, logger, signals = ['SIGTERM', 'SIGINT'], exit = (code) => process.exit(code), elapsedMs } = options;
  const phases: ShutdownPhase[] = [];
  const haste = new AbortController();
  let announcement: Announcement | undefined;
  let running: Promise<void> | undefined;
  let isServing = false;

  const serveOn = async (): Promise<void> => {
    if (announcement === undefined) return;
    announcement.run();
    isServing = true;
    await delay(announcement.serveMs, undefined, { signal: haste.signal }).catch(() => {});
    isServing = false;
  };
  const begin = (reason: string): Promise<void> => {
    running ??= (async () => {
      const deadline = elapsedMs() + graceMs;
      logger.info({ reason, graceMs, serveMs: announcement?.serveMs ?? 0 }, 'shutting down');
      await serveOn();
      const failed = await runPhases(phases.toReversed(), {
        graceMs: Math.max(0, deadline - elapsedMs()),
        logger,
        now: elapsedMs,
      });
      logger.info({ failed }, failed.length === 0 ? 'shut down' : 'shut down with failures');
      exit(failed.length === 0 ? 0 : 1);
    })();
    return running;
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    if (running === undefined) {
      void begin(signal);
      return;
    }
    if (isServing && !haste.signal.aborted) {
      logger.warn({ signal }, 'second signal, serving no longer');
      haste.abort();
      return;
    }
    logger.warn({ signal }, 'second signal, exiting at once');
    exit(1);
  };
  const onCrash = (thrown: unknown, origin: NodeJS.UncaughtExceptionOrigin): void => {
    logger.fatal({ err: thrown, origin }, 'the process crashed');
    exit(1);
  };
  for (const signal of signals) process.on(signal, onSignal);
  // With a listener here Node reports unhandled rejections through it too, with the origin saying so.
  process.on('uncaughtException', onCrash);

  return {
    add: (name, run) => void phases.push({ name, run }),
    announce: (run, serveMs) => void (announcement = { run, serveMs }),
    begin,
    get isRunning() {
      return running !== undefined;
    },
    dispose: () => {
      for (const signal of signals) process.off(signal, onSignal);
      process.off('uncaughtException', onCrash);
    },
  };
}

/** How a process ends. */
export interface ShutdownOptions {
  /** From the first signal to exit, in milliseconds. */
  readonly graceMs: number;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error' | 'fatal'>;
  /** Default SIGTERM and SIGINT. */
  readonly signals?: readonly NodeJS.Signals[];
  /** Default `process.exit`. */
  readonly exit?: (code: number) => void;
  /** Milliseconds since some moment, which only rise. */
  readonly elapsedMs: () => number;
}

/** The handle a program keeps. */
export interface Shutdown {
  /** Adds a phase; the last one added runs first. `run` gets a signal that aborts when its time is over. */
  add(name: string, run: (signal: AbortSignal) => Promise<void> | void): void;
  /**
   * Sets what tells others that the process is going, and for how long after that it serves as before, in milliseconds,
   * so that they have time to hear of it. To be called when the process is ready: before, nobody sends it anything.
   */
  announce(run: () => void, serveMs: number): void;
  /** Starts shutting down without a signal; later calls return the first one's promise. */
  begin(reason: string): Promise<void>;
  readonly isRunning: boolean;
  /** Takes the listeners off the process again; for tests and short commands. */
  dispose(): void;
}

interface Announcement {
  readonly run: () => void;
  readonly serveMs: number;
}
