import type { ClientRequests } from '@parlance/proto';
import type { OutgoingMessage } from '../outbox-entry.js';

/** What goes over the line to send a message; the same for every attempt, or the server would see another body. */
export function sendPayload(outgoing: OutgoingMessage): ClientRequests['sendMessage']['payload'] {
  const { roomId, content, messageType, clientMessageId, metadata } = outgoing;
  return { roomId, content, messageType, clientMessageId, ...(metadata === undefined ? {} : { metadata }) };
}
