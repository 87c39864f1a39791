import type { OutboxEntry } from './outbox-entry.js';
import type { ParlanceError } from './parlance-error.js';

/**
 * The next message of a room to send: the first that is not stored yet, and none while that one is under way or not ready. So
 * nothing leaves before the fate of what was sent before it is known. The server stores what follows a send that it refused
 * for a while, or whose outcome it does not know: with two under way the second could come first in the log.
 */
export function nextToSend(entries: readonly OutboxEntry[]): OutboxEntry | undefined {
  const first = entries.find(({ state, messageId }) => state !== 'failed' && messageId === undefined);
  return first?.state === 'queued' && first.isReady ? first : undefined;
}

/**
 * What follows a failed attempt: give up, try again after a while, or with the next connection, which begins by itself.
 * `INTERNAL` is a fault of the server that may well stay, so it is given up after {@link internalAttempts} attempts.
 */
export function afterFailure(
  error: ParlanceError,
  earlier: { readonly internalFailures: number },
): 'fail' | 'retryLater' | 'retryWhenConnected' {
  if (error.code === 'DISCONNECTED') return 'retryWhenConnected';
  if (error.code === 'INTERNAL' && earlier.internalFailures + 1 >= internalAttempts) return 'fail';
  return error.retryable ? 'retryLater' : 'fail';
}

const internalAttempts = 8;
