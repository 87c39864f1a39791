/** A message as every baseline sends it: the fields of the product's, so that frames are as long. */
export function newMessage(messageId: number, senderId: string, payload: SentMessage): BaselineMessage {
  const timestamp = Date.now();
  return {
    messageId,
    roomId: payload.roomId,
    senderId,
    content: payload.content,
    timestamp,
    monthYear: new Date(timestamp).toISOString().slice(0, 7),
    status: 'sent',
    deliveredTo: [],
    readBy: [],
    messageType: 'text',
    clientMessageId: payload.clientMessageId,
  };
}

/** What a client sends. */
export interface SentMessage {
  readonly roomId: string;
  readonly content: string;
  readonly clientMessageId: string;
}

/** What everybody is sent. */
export interface BaselineMessage extends SentMessage {
  readonly messageId: number;
  readonly senderId: string;
  readonly timestamp: number;
  readonly monthYear: string;
  readonly status: 'sent';
  readonly deliveredTo: readonly string[];
  readonly readBy: readonly string[];
  readonly messageType: 'text';
}
