import type { ClientEventName, Ready } from '@parlance/proto';
import { ParlanceError } from '../../parlance-error.js';
import type { OutgoingMessage } from '../outbox-entry.js';
import { byteLength, eventSize } from './event-size.js';
import { sendPayload } from './send-payload.js';

/**
 * Why a message need not be sent: it is above a limit that the server has named in `ready`. The server would refuse it, or
 * close the connection without a word when the event is too long to be read.
 */
export function refusalOfMessage(message: OutgoingMessage, limits: ServerLimits): ParlanceError | undefined {
  const { content, metadata } = message;
  if (byteLength(content) > limits.contentBytes) return tooLarge('content', limits.contentBytes);
  if (byteLength(JSON.stringify(metadata ?? {})) > limits.metadataBytes)
    return tooLarge('metadata', limits.metadataBytes);
  return refusalOfEvent('sendMessage', sendPayload(message), limits);
}

/** Why an event cannot be sent: it is longer than the server reads. */
export function refusalOfEvent(
  name: ClientEventName,
  payload: unknown,
  { eventBytes }: ServerLimits,
): ParlanceError | undefined {
  return eventSize(name, payload) > eventBytes ? tooLarge(`the event ${name}`, eventBytes) : undefined;
}

/** What the server takes at most, as it says in `ready`. */
export type ServerLimits = Ready['limits'];

function tooLarge(what: string, bytes: number): ParlanceError {
  const message = `${what} is over ${bytes} bytes`;
  return new ParlanceError({ code: 'MESSAGE_TOO_LARGE', message, retryable: false, outcome: 'rejected' });
}
