import { ParlanceError } from '../parlance-error.js';
import { SocketEnded } from '../socket/socket-ended.js';
import type { OutboxEntry } from './outbox-entry.js';

const internalAttempts = 8;
const suspectCuts = 2;
const lastCut = 4;

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
 * `INTERNAL` is a fault of the server that may well stay, so it is given up after {@link internalAttempts} attempts. A
 * connection that the server ended because of what it was sent counts as two cuts, one that was just torn as one: at
 * {@link lastCut} the message itself must be the reason.
 */
export function afterFailure(
  error: ParlanceError,
  earlier: { readonly internalFailures: number; readonly cuts: number },
): 'fail' | 'retryLater' | 'retryWhenConnected' {
  if (error.code === 'DISCONNECTED') return earlier.cuts + cutsOf(error) >= lastCut ? 'fail' : 'retryWhenConnected';
  if (error.code === 'INTERNAL' && earlier.internalFailures + 1 >= internalAttempts) return 'fail';
  return error.retryable ? 'retryLater' : 'fail';
}

/** What is told of a message that was given up because connections end under it. */
export function cutTooOften(cause: ParlanceError): ParlanceError {
  const message = 'The connection ended whenever this was sent.';
  return new ParlanceError({ code: 'DISCONNECTED', message, retryable: false, outcome: 'unknown' }, { cause });
}

/** What the end of a connection says against a message that was under way. */
export function cutsOf(error: { readonly cause?: unknown }): number {
  return { sent: 2, server: 1, nobody: 0 }[SocketEnded.blameOf(error)];
}

/** Connections have ended under this message more often than chance would have it. */
export function isSuspect({ cuts }: { readonly cuts: number }): boolean {
  return cuts >= suspectCuts;
}
