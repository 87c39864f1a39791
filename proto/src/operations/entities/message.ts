import { z } from 'zod';
import { limits } from '../../limits.js';
import { attachmentsFault } from '../../messages/attachments.js';
import { messageStatuses, messageTypes, sentMessageTypes } from '../../messages/chat-message.js';
import { fromDateFault } from '../../messages/from-date-fault.js';
import { isPlainObject, plainJsonFault } from '../../messages/plain-json.js';
import { hasMore, successOf } from './answer.js';
import { count, id, millis, numberOfMessage } from './fields.js';
import { typeNames } from './type-names.js';

/** Kind of a message. */
export const MessageType = z
  .enum(messageTypes)
  .describe(
    'Kind of a message. `image` and `file` carry `metadata.attachments`; `system` is said by the installation, not by a user',
  )
  .register(typeNames, { name: 'MessageType' });

/** Kind of a message that users send. */
export const SentMessageType = z
  .enum(sentMessageTypes, { error: notForUsers })
  .describe('Kind of a message that users may send')
  .register(typeNames, { name: 'SentMessageType' });

/** How far a message has got. */
export const MessageStatus = z
  .enum(messageStatuses)
  .describe("How far a message has got, derived from the participants' watermarks")
  .register(typeNames, { name: 'MessageStatus' });

/** Something that belongs to a message and lies elsewhere. */
export const Attachment = z.object({
  objectId: id.describe('Of an object in a store of yours'),
  name: z.string(),
  mimeType: z.string(),
  sizeBytes: count,
  width: z.int().min(1).exactOptional().describe('Pixels'),
  height: z.int().min(1).exactOptional().describe('Pixels'),
});

/** What an application puts beside the text. */
export const MessageMetadata = z
  .looseObject({ attachments: z.array(Attachment).exactOptional() })
  .describe('Any JSON object; only `attachments` has a form');

/** Who has read a message. */
export const MessageReader = z.object({
  userId: id.describe('Who'),
  readAt: millis.describe('When, Unix milliseconds'),
});

/** One message as clients see it. */
export const Message = z
  .object({
    messageId: numberOfMessage,
    roomId: id.describe('The room whose log it is in'),
    senderId: id.describe('User id of whoever sent it; of a `system` message `system`, or `system:` and a name'),
    content: z.string().describe('The text; empty where there is none, as with a picture alone'),
    timestamp: millis.describe('Unix milliseconds; never falls from one message of a room to the next'),
    monthYear: z
      .string()
      .regex(/^\d{4}-\d{2}$/)
      .describe('Month of `timestamp` in UTC, `YYYY-MM`'),
    status: MessageStatus.describe('The least that all other participants have reached'),
    deliveredTo: z.array(id).describe('User ids of the participants who have it'),
    readBy: z.array(MessageReader).describe('The participants who have read it'),
    deliveredCount: count
      .exactOptional()
      .describe('In place of the two lists in rooms of more than 100 participants, where the lists are empty'),
    readCount: count.exactOptional().describe('See `deliveredCount`'),
    messageType: MessageType.describe('What kind of message it is'),
    clientMessageId: id.describe("The sender's own name for this message; lets a client match its optimistic copy"),
    metadata: MessageMetadata.exactOptional().describe(
      "As the sender gave it; `attachments` are checked, everything else is the application's. Absent when none was sent",
    ),
    erased: z.literal(true).exactOptional().describe('It was erased: `content` and `clientMessageId` are empty'),
  })
  .describe('One message as clients see it')
  .register(typeNames, { name: 'ChatMessage' });

/** What the sender hears of a message. */
export const SentMessage = z.intersection(
  Message,
  z.object({
    deduplicated: z.boolean().describe('An earlier attempt with the same `clientMessageId` had stored it'),
    epoch: millis.describe('Of the log in which the message stands, see `ChatRoom`'),
  }),
);

/** A message that was stored. */
export const MessageResponse = successOf(SentMessage);

/** A page of a room's messages, ascending. */
export const MessagePage = successOf(Message.array()).extend({
  hasMore,
  truncated: z.literal(true).exactOptional().describe('The page was cut below by what you may see'),
  firstAvailableId: count.exactOptional(),
});

/**
 * `metadata` of a message as clients send it: any JSON object of at most 8 KiB and 32 levels, whose `attachments`, if there,
 * have the documented form. Becomes its JSON text and the number of attachments.
 */
export const sentMetadata = z
  .custom<Record<string, unknown>>(isPlainObject, 'must be an object')
  .transform((metadata, context) => {
    const fault = plainJsonFault(metadata);
    if (fault !== undefined) {
      context.addIssue({ code: 'custom', message: fault });
      return z.NEVER;
    }
    const json = JSON.stringify(metadata);
    if (Buffer.byteLength(json) > limits.metadataBytes) {
      context.addIssue({
        code: 'custom',
        message: `is over ${limits.metadataBytes} bytes`,
        params: { tooLarge: true },
      });
      return z.NEVER;
    }
    const { attachments } = metadata;
    const attachmentFault = attachmentsFault(attachments);
    if (attachmentFault !== undefined) {
      context.addIssue({ code: 'custom', path: ['attachments'], message: attachmentFault });
      return z.NEVER;
    }
    return { json, attachments: Array.isArray(attachments) ? attachments.length : 0 };
  });

/** Unix milliseconds, or a date, which becomes Unix milliseconds. */
export const FromDate = z
  .union(
    [z.int().min(0), z.iso.datetime({ offset: true }), z.iso.date()],
    'must be Unix milliseconds or an ISO 8601 date',
  )
  .transform((value) => (typeof value === 'number' ? value : Date.parse(value)))
  .superRefine((value, context) => {
    const message = fromDateFault(value);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });

/** Refuses a content that is too large. */
export function refuseLongContent(
  { content }: { readonly content: string },
  context: Pick<z.RefinementCtx, 'addIssue'>,
): void {
  if (Buffer.byteLength(content) <= limits.contentBytes) return;
  const message = `is over ${limits.contentBytes} bytes`;
  context.addIssue({ code: 'custom', path: ['content'], message, params: { tooLarge: true } });
}

/** Says of a system message where it can be sent; undefined for anything else, which zod describes itself. */
function notForUsers({ input }: { readonly input?: unknown }): string | undefined {
  return input === 'system' ? 'system is for backends: see docs/protocol.md, System messages' : undefined;
}
