/**
 * Asks `check` until it answers with something other than `undefined`, and returns that. For conditions nobody announces
 * (another process's state, a port). An exception from `check` counts as "not yet" and is the cause of the final error.
 */
export async function waitUntil<T>(
  check: () => Promise<T | undefined> | T | undefined,
  options: WaitOptions,
): Promise<T> {
  const deadline = performance.now() + options.timeoutMs;
  let cause: unknown;
  for (;;) {
    options.signal?.throwIfAborted();
    try {
      const answer = await check();
      if (answer !== undefined) return answer;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    if (performance.now() >= deadline) throw new WaitTimeoutError(options, cause);
    await pause(options.everyMs ?? 25, options.signal);
  }
}

/** How long and how often {@link waitUntil} asks, and what it says when it gives up. */
export interface WaitOptions {
  /** What is awaited, in words for the error ("a writable primary"). */
  readonly what: string;
  /** Gives up after this many milliseconds. */
  readonly timeoutMs: number;
  /** Pause between two questions in milliseconds; default 25. */
  readonly everyMs?: number;
  /** Ends the wait at once with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** {@link waitUntil} gave up; `cause` is the last error of the question, where it had one. */
export class WaitTimeoutError extends Error {
  constructor(options: WaitOptions, cause: unknown) {
    const last = cause instanceof Error ? ` (last answer: ${cause.message})` : '';
    super(`waited ${(options.timeoutMs / 1000).toFixed(1)} s for ${options.what} in vain${last}`, { cause });
    this.name = 'WaitTimeoutError';
  }
}

/** A pause of `ms` milliseconds that ends early, without an error, when `signal` fires. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
  });
}
