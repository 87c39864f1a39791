import type { Logger } from 'pino';

/**
 * Runs phases in the order given, each for at most an equal share of the time left of `graceMs`.
 * Returns the names of those that failed or did not finish; never rejects. What hung or failed is logged by name.
 */
export async function runPhases(phases: readonly ShutdownPhase[], limits: PhaseLimits): Promise<readonly string[]> {
  const { graceMs, logger, now } = limits;
  const deadline = now() + graceMs;
  const failed: string[] = [];
  for (const [index, phase] of phases.entries()) {
    const shareMs = Math.max(0, Math.floor((deadline - now()) / (phases.length - index)));
    const startedAt = now();
    try {
      await within(shareMs, phase);
      logger.info({ phase: phase.name, tookMs: Math.round(now() - startedAt) }, 'shutdown phase done');
    } catch (thrown) {
      failed.push(phase.name);
      if (thrown instanceof PhaseTimeout)
        logger.error({ phase: phase.name, shareMs }, `shutdown phase ${phase.name} hung`);
      else logger.error({ phase: phase.name, err: thrown }, `shutdown phase ${phase.name} failed`);
    }
  }
  return failed;
}

/** One step of shutting down. */
export interface ShutdownPhase {
  readonly name: string;
  readonly run: (signal: AbortSignal) => Promise<void> | void;
}

/** The time for all phases together and the clock it is measured with, in milliseconds. */
export interface PhaseLimits {
  readonly graceMs: number;
  readonly now: () => number;
  readonly logger: Pick<Logger, 'info' | 'error'>;
}

class PhaseTimeout extends Error {}

async function within(shareMs: number, phase: ShutdownPhase): Promise<void> {
  const timeUp = new AbortController();
  const { promise: timeout, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const reason = new PhaseTimeout(`${phase.name} did not finish within ${shareMs} ms`);
    timeUp.abort(reason);
    reject(reason);
  }, shareMs);
  const work = (async () => phase.run(timeUp.signal))();
  try {
    await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
