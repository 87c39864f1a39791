import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { backoffMs } from './backoff-ms.js';

const logEveryMs = 5_000;

/**
 * Repeats `attempt` until it succeeds and returns its value. The pause starts at `everyMs` (default 250) and doubles up
 * to 5 s, with jitter. Logs what it waits for at the first failure and then every 5 s, and once when it is there.
 * Reasons are an error's code or its message without anything that looks like credentials in a URL.
 *
 * @param name what is waited for, as in `waiting for MongoDB at host:27017: ECONNREFUSED`; must not hold credentials.
 * @throws the signal's reason when it aborts.
 */
export async function waitFor<Value>(
  name: string,
  attempt: (signal: AbortSignal | undefined) => Promise<Value>,
  options: WaitOptions,
): Promise<Value> {
  // oxlint-disable-next-line no-restricted-properties -- it pauses by timers, which go by the machine's clock in any case
  const { everyMs = 250, logger, signal, now = Date.now, random = Math.random } = options;
  const since = now();
  let loggedAt = Number.NEGATIVE_INFINITY;
  for (let failures = 0; ; failures += 1) {
    signal?.throwIfAborted();
    try {
      const value = await attempt(signal);
      if (failures > 0) logger.info({ waitedMs: now() - since }, `${name} is there`);
      return value;
    } catch (thrown) {
      signal?.throwIfAborted();
      if (now() - loggedAt >= logEveryMs) {
        loggedAt = now();
        logger.warn({ waitedMs: loggedAt - since }, `waiting for ${name}: ${reasonOf(thrown)}`);
      }
      await pause(backoffMs(failures + 1, { firstMs: everyMs, capMs: 5_000 }, random), signal);
    }
  }
}

/** How to wait. */
export interface WaitOptions {
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  /** First pause in milliseconds. Default 250. */
  readonly everyMs?: number;
  /** Stops waiting; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Milliseconds since some fixed moment. Default `Date.now`. */
  readonly now?: () => number;
  /** 0 <= x < 1. Default `Math.random`. */
  readonly random?: () => number;
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  // Ends early when the signal aborts; the loop then rejects with the signal's own reason.
  await delay(ms, undefined, signal ? { signal } : {}).catch(() => {});
}

function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  if ('code' in thrown && typeof thrown.code === 'string') return thrown.code;
  return thrown.message.replaceAll(/\/\/[^/@\s]*@/g, '//***@');
}
