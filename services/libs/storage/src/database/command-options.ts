import { atBeat, beatMs } from '@parlance/runtime/beat';

/** How long one command may take on the server, milliseconds. Callers retry within their own deadline. */
const serverMs = 3_000;

/** Beyond its time on the server, milliseconds: for the way there and back, and for a connection to be found. */
const wayMs = 2_000;

/** The signal of this beat by how long it lasts, milliseconds: few, since that is in steps. */
const shared = new Map<number, { readonly signal: AbortSignal }>();

/** A read that decides something: what a majority has, from the primary (R8: pages have no holes). */
export function majority(maxTimeMS: number = serverMs) {
  return {
    readConcern: { level: 'majority' },
    readPreference: 'primary',
    maxTimeMS,
    ...commandTimeout(maxTimeMS),
  } as const;
}

/** A write that a majority has before it is answered. */
export function durable() {
  return {
    writeConcern: { w: 'majority', wtimeout: serverMs },
    maxTimeMS: serverMs,
    ...commandTimeout(serverMs),
  } as const;
}

/**
 * Ends a command that has no answer `maxTimeMS` and two seconds to three after it was asked for. The driver's own time-outs
 * are those of sockets: a command that it writes to a socket which has just been destroyed, and whose `close` event is
 * still to come, waits for that socket's `drain` for good (driver 7.8) and keeps its connection out of the pool.
 *
 * Commands between two beats share a signal that ends at a beat: one of its own would cost each a timer that runs to its
 * end although the answer is there, and then makes an exception that nobody gets.
 */
export function commandTimeout(maxTimeMS: number): { readonly signal: AbortSignal } {
  const ms = Math.ceil((maxTimeMS + wayMs) / beatMs + 1) * beatMs;
  const known = shared.get(ms);
  if (known) return known;
  const controller = new AbortController();
  const made = { signal: controller.signal };
  shared.set(ms, made);
  atBeat(beatMs, () => shared.delete(ms));
  atBeat(ms, () => controller.abort(new DOMException('the command had its time', 'TimeoutError')));
  return made;
}
