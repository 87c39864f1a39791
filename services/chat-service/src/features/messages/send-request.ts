import { attachmentsFault, ChatError, isId, limits, type MessageType, messageTypes, type wire } from '@parlance/proto';
import type { MessageBody } from './pending-send.js';

/** Checks what a send wants to store. Errors: INVALID_MESSAGE, MESSAGE_TOO_LARGE. */
export function checkBody(request: wire.SendMessageRequest): MessageBody {
  const messageType = checkType(request.messageType || 'text');
  if (Buffer.byteLength(request.content) > limits.contentBytes) {
    throw new ChatError('MESSAGE_TOO_LARGE', { message: `content is over ${limits.contentBytes} bytes` });
  }
  if (Buffer.byteLength(request.metadataJson) > limits.metadataBytes) {
    throw new ChatError('MESSAGE_TOO_LARGE', { message: `metadata is over ${limits.metadataBytes} bytes` });
  }
  const attachments = checkAttachments(request.metadataJson);
  if (messageType !== 'text' && attachments === 0)
    throw invalid(`metadata.attachments is needed for type ${messageType}`);
  if (request.content === '' && attachments === 0) throw invalid('content is empty and there is no attachment');
  return { content: request.content, messageType, metadataJson: request.metadataJson };
}

/** Checks the client's name for a message; empty when the client gave none. Errors: INVALID_MESSAGE. */
export function checkClientMessageId(value: string): string {
  if (value !== '' && !isId(value)) throw invalid('clientMessageId must match [A-Za-z0-9_.:-]{1,128}');
  return value;
}

function checkType(value: string): MessageType {
  const type = messageTypes.find((each) => each === value);
  if (!type) throw invalid(`messageType must be one of ${messageTypes.join(', ')}`);
  return type;
}

/** Checks metadata as far as the protocol knows it, and answers how many attachments it names. */
function checkAttachments(metadataJson: string): number {
  if (metadataJson === '') return 0;
  const { attachments } = parseObject(metadataJson);
  const fault = attachmentsFault(attachments);
  if (fault !== undefined) throw invalid(`metadata.attachments ${fault}`);
  return Array.isArray(attachments) ? attachments.length : 0;
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid('metadata must be a JSON object');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid('metadata must be a JSON object');
  return value as Readonly<Record<string, unknown>>;
}

function invalid(message: string): ChatError {
  return new ChatError('INVALID_MESSAGE', { message });
}
