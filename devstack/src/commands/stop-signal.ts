const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Turns the first Ctrl-C, SIGTERM or SIGHUP into an abort, for an orderly stop. A second one ends this process at once, and with
 * it, by force, its children.
 */
export function stopSignal(say: (line: string) => void): StopSignal {
  const controller = new AbortController();
  const onSignal = (signal: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(130);
    say(`${signal}: stopping (once more to stop by force)`);
    controller.abort(new Error(`stopped by ${signal}`));
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return {
    signal: controller.signal,
    abort: () => controller.abort(new Error('called off')),
    dispose: () => SIGNALS.forEach((signal) => process.off(signal, onSignal)),
  };
}

/** See {@link stopSignal}. */
export interface StopSignal {
  readonly signal: AbortSignal;
  /** The same as a signal, without one. */
  abort(): void;
  /** Gives the signals back to their default meaning. */
  dispose(): void;
}
