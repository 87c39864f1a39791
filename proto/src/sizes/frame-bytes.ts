import type { Call, CallResult } from '../gen/chat/v1/exchange.js';

/** All of a send or its result but its texts: ids of at most 128 characters, a trace, numbers. */
const fixedBytes = 1_024;

/**
 * How large a call or a result becomes in a frame of the stream: an upper bound of its protobuf encoding. A send is taken
 * at a glance, three bytes a character; everything else is walked through. Pure.
 */
export function frameBytes(item: Call | CallResult): number {
  const { sendMessage } = item;
  if (sendMessage === undefined) return fieldBytes(item);
  const message = 'message' in sendMessage ? sendMessage.message : sendMessage;
  if (message === undefined) return fixedBytes;
  return fixedBytes + 3 * ((message as SentText).content.length + (message as SentText).metadataJson.length);
}

type SentText = { readonly content: string; readonly metadataJson: string };

/** Tag and length before a value, or tag and a number: at most 2 + 10. */
const headBytes = 12;

function fieldBytes(value: unknown): number {
  if (value === undefined || value === null) return 0;
  if (typeof value === 'string') return headBytes + Buffer.byteLength(value);
  if (typeof value !== 'object') return headBytes;
  let bytes = Array.isArray(value) ? 0 : headBytes;
  for (const part of Array.isArray(value) ? value : Object.values(value)) bytes += fieldBytes(part);
  return bytes;
}
