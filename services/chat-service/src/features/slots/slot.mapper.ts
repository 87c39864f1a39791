import { isMessage, type SlotDocument } from '@parlance/storage';
import type { StoredSlot } from './message-store.js';

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
