import type { ChatMessage, WireMessage } from '@parlance/proto';
import type { StoredSlot } from './message-store.js';

/** Receipts of a message whose participants' marks nobody looked at: it was just stored. */
export const noReceipts: DerivedReceipts = {
  status: 'sent',
  deliveredTo: [],
  readBy: [],
  receiptsCounted: false,
  deliveredCount: 0,
  readCount: 0,
};

/** A stored message on gRPC. Its receipts are derived from the participants' marks; one that was just stored has none. */
export function toWireMessage(slot: StoredSlot, receipts: DerivedReceipts = noReceipts): WireMessage {
  return {
    messageId: slot.messageId,
    roomId: slot.roomId,
    senderId: slot.senderId,
    content: slot.content,
    timestamp: slot.timestamp,
    monthYear: slot.monthYear,
    ...receipts,
    messageType: slot.messageType,
    metadataJson: slot.metadataJson,
    clientMessageId: slot.erased ? '' : slot.clientMessageId,
    erased: slot.erased,
  };
}

/**
 * The receipts of a message, derived from the watermarks; nothing of it is stored with the message (R12: marks only
 * rise).
 */
export type DerivedReceipts = Pick<
  WireMessage,
  'status' | 'deliveredTo' | 'readBy' | 'receiptsCounted' | 'deliveredCount' | 'readCount'
>;

/** A stored message as the JSON that clients receive; built once for the cache and for every socket. */
export function toMessageJson(slot: StoredSlot): string {
  const { messageId, roomId, senderId, content, timestamp, monthYear, messageType, clientMessageId, metadataJson } =
    slot;
  const { status, deliveredTo, readBy } = noReceipts;
  const fixed = { messageId, roomId, senderId, content, timestamp, monthYear };
  const json = JSON.stringify({ ...fixed, status, deliveredTo, readBy, messageType, clientMessageId });
  return metadataJson === '' ? json : `${json.slice(0, -1)},"metadata":${metadataJson}}`;
}

/** The message behind the text of {@link toMessageJson}, without receipts. Throws on a text that is not one. */
export function fromMessageJson(json: string): WireMessage {
  const { metadata, ...message } = JSON.parse(json) as ChatMessage;
  if (!Number.isSafeInteger(message.messageId)) throw new TypeError('not a cached message');
  return {
    ...message,
    ...noReceipts,
    metadataJson: metadata === undefined ? '' : JSON.stringify(metadata),
    erased: false,
  };
}
