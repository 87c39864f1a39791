import { isMessage, type SlotDocument } from '@parlance/storage';
import { Long } from 'mongodb';
import type { PendingSend } from '../log/pending-send.js';
import type { RoomTail } from '../log/room-tail.js';
import type { NewSlot, StoredSlot } from './message-store.js';

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

/** A slot's document with numbers in place of BSON types; a seal or void has empty message fields. */
export function storedForm(slot: SlotDocument): StoredSlot {
  const message = isMessage(slot) ? slot : undefined;
  return {
    _id: slot._id,
    kind: slot.kind ?? 'message',
    messageId: Number(slot.messageId),
    monthYear: slot.monthYear,
    roomId: slot.roomId,
    timestamp: slot.timestamp.getTime(),
    senderId: message?.senderId ?? '',
    clientMessageId: message?.clientMessageId ?? '',
    bodyHash: message?.bodyHash ?? '',
    content: message?.content ?? '',
    messageType: message?.messageType ?? 'text',
    metadataJson: message?.metadata ?? '',
    erased: message?.erasedAt !== undefined,
  };
}
