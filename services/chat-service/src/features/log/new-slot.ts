import { Long } from 'mongodb';
import type { NewSlot } from '../slots/message-store.js';
import type { PendingSend } from './pending-send.js';
import type { RoomTail } from './room-tail.js';

/** The document that puts a message into a slot of the tail's segment. `timestamp` is Unix milliseconds. */
export function toSlot(
  roomId: string,
  send: PendingSend,
  tail: RoomTail,
  messageId: number,
  timestamp: number,
): NewSlot {
  const { content, messageType, metadataJson } = send.body;
  return {
    _id: send._id,
    monthYear: tail.segment.monthYear,
    roomId,
    messageId: Long.fromNumber(messageId),
    timestamp: new Date(timestamp),
    senderId: send.senderId,
    clientMessageId: send.clientMessageId,
    bodyHash: send.bodyHash,
    content,
    messageType,
    ...(metadataJson === '' ? {} : { metadata: metadataJson }),
  };
}
