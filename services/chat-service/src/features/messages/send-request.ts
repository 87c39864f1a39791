import {
  attachmentsFault,
  ChatError,
  isId,
  isPlainObject,
  isSystemSender,
  limits,
  plainJsonFault,
  type SentMessageType,
  sentMessageTypes,
  textFault,
  type UserId,
  type wire,
} from '@parlance/proto';
import { invalid } from '../../requests/check-ids.js';
import type { MessageBody } from '../log/pending-send.js';

/**
 * Checks what a user's send wants to store.
 * @throws INVALID_MESSAGE, MESSAGE_TOO_LARGE.
 */
export function checkBody(request: wire.SendMessageRequest): MessageBody {
  const messageType = checkType(request.messageType || 'text');
  const { metadataJson, attachments } = checkParts(request);
  if (messageType !== 'text' && attachments === 0)
    throw invalid(`metadata.attachments is needed for type ${messageType}`);
  if (request.content === '' && attachments === 0) throw invalid('content is empty and there is no attachment');
  return { content: request.content, messageType, metadataJson };
}

/**
 * Checks what a system message wants to store.
 * @throws INVALID_MESSAGE, MESSAGE_TOO_LARGE.
 */
export function checkSystemBody(request: wire.SendSystemMessageRequest): MessageBody {
  const { metadataJson } = checkParts(request);
  if (request.content === '') throw invalid('content is empty');
  return { content: request.content, messageType: 'system', metadataJson };
}

/**
 * Checks in whose name a system message is said; `system` when nobody is named.
 * @throws INVALID_MESSAGE.
 */
export function checkSystemSender(value: string): UserId {
  const sender = value || 'system';
  if (!isSystemSender(sender)) throw invalid('senderId must be "system", or "system:" and a name, and an id');
  return sender;
}

/** What all messages are held to. */
function checkParts(request: Pick<wire.SendMessageRequest, 'content' | 'metadataJson'>) {
  const fault = textFault(request.content);
  if (fault !== undefined) throw invalid(`content ${fault}`);
  if (Buffer.byteLength(request.content) > limits.contentBytes) {
    throw new ChatError('MESSAGE_TOO_LARGE', { message: `content is over ${limits.contentBytes} bytes` });
  }
  if (Buffer.byteLength(request.metadataJson) > limits.metadataBytes) {
    throw new ChatError('MESSAGE_TOO_LARGE', { message: `metadata is over ${limits.metadataBytes} bytes` });
  }
  const metadata = checkMetadata(request.metadataJson);
  return {
    metadataJson: metadata === undefined ? '' : JSON.stringify(metadata),
    attachments: countAttachments(metadata),
  };
}

/**
 * Checks the client's name for a message; empty when the client gave none.
 * @throws INVALID_MESSAGE.
 */
export function checkClientMessageId(value: string): string {
  if (value !== '' && !isId(value)) throw invalid('clientMessageId must match [A-Za-z0-9_.:-]{1,128}');
  return value;
}

function checkType(value: string): SentMessageType {
  const type = sentMessageTypes.find((each) => each === value);
  if (type) return type;
  const hint = value === 'system' ? "; a system message is no user's: SendSystemMessage" : '';
  throw invalid(`messageType must be one of ${sentMessageTypes.join(', ')}${hint}`);
}

/** Checks metadata as far as the protocol knows it: one meaning, however its JSON was written. */
function checkMetadata(metadataJson: string): Readonly<Record<string, unknown>> | undefined {
  if (metadataJson === '') return undefined;
  let value: unknown;
  try {
    value = JSON.parse(metadataJson);
  } catch {
    throw invalid('metadata must be a JSON object');
  }
  if (!isPlainObject(value)) throw invalid('metadata must be a JSON object');
  const fault = plainJsonFault(value);
  if (fault !== undefined) throw invalid(`metadata ${fault}`);
  return value;
}

function countAttachments(metadata: Readonly<Record<string, unknown>> | undefined): number {
  const attachments = metadata?.['attachments'];
  const fault = attachmentsFault(attachments);
  if (fault !== undefined) throw invalid(`metadata.attachments ${fault}`);
  return Array.isArray(attachments) ? attachments.length : 0;
}
