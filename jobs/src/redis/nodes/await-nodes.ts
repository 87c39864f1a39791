import { setTimeout as delay } from 'node:timers/promises';
import type { StandaloneContext } from '../../job-context.js';
import { JobFailed } from '../../job-failed.js';

/** What a wait needs. */
export type Waiting = StandaloneContext & {
  /** How long nodes may take to answer, and later to agree, milliseconds. */
  readonly patienceMs: number;
};

/** Pause between two looks, milliseconds. */
const everyMs = 200;

/**
 * Looks again and again until something is as it should be: `look` answers undefined then, or what is still missing. Rejects
 * with JobFailed, which names what was missing last, when the time is over.
 */
export async function awaitNodes(
  what: string,
  { progress, signal, elapsedMs, patienceMs }: Waiting,
  look: () => Promise<string | undefined>,
): Promise<void> {
  const endsAt = elapsedMs() + patienceMs;
  await progress.during(what, async (report) => {
    for (;;) {
      signal.throwIfAborted();
      const missing = await look();
      if (missing === undefined) return;
      if (elapsedMs() > endsAt) throw new JobFailed(`${what}: after ${patienceMs / 1_000} s, ${missing}`);
      report(missing);
      await delay(everyMs);
    }
  });
}
