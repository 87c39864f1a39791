import { get } from 'node:http';
import { waitUntil } from '../wait-until.js';

/** Asks `url` until it answers 200. `onWait` hears each time why not yet ("503", "connection refused"). Ends only with `signal`. */
export async function waitForReady(url: string, signal: AbortSignal, onWait: (why: string) => void): Promise<void> {
  await waitUntil(
    async () => {
      const answer = await ask(url);
      if (answer === '200') return true;
      onWait(answer);
      return undefined;
    },
    { what: url, timeoutMs: Number.POSITIVE_INFINITY, everyMs: 50, signal },
  );
}

/** The status code, or why there is none. */
function ask(url: string): Promise<string> {
  return new Promise((resolve) => {
    // No keep-alive: a kept connection would hold up the end of a service that has just become ready.
    const request = get(url, { agent: false, timeout: 2_000 }, (response) => {
      response.resume();
      resolve(String(response.statusCode));
    });
    request.once('timeout', () => request.destroy(new Error('no answer')));
    request.once('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code === 'ECONNREFUSED' ? 'not listening yet' : error.message),
    );
  });
}
