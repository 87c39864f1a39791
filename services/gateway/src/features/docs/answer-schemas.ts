import { errorReasons } from '@parlance/proto';
import { z } from 'zod';
import { historyVisibilityDto, joinRuleDto, messageTypeDto, roomTypeDto } from '../websocket/chat/dto/enum.dto.js';
import { count, id, millis, numberOfMessage, position } from './answer-fields.js';

const MessageStatus = z.enum(['sent', 'delivered', 'read']);
const Role = z.enum(['owner', 'admin', 'participant']);
const ErrorCode = z.enum(errorReasons);
const ErrorOutcome = z.enum(['rejected', 'unknown']);

const Attachment = z.object({
  objectId: id.describe('Of an object in a store of yours'),
  name: z.string(),
  mimeType: z.string(),
  sizeBytes: count,
  width: z.int().min(1).exactOptional().describe('Pixels'),
  height: z.int().min(1).exactOptional().describe('Pixels'),
});
const MessageMetadata = z
  .looseObject({ attachments: z.array(Attachment).exactOptional() })
  .describe('Any JSON object; only `attachments` has a form');
const MessageReader = z.object({ userId: id, readAt: millis });

const Message = z.object({
  messageId: numberOfMessage,
  roomId: id,
  senderId: id,
  content: z.string(),
  timestamp: millis,
  monthYear: z
    .string()
    .regex(/^\d{4}-\d{2}$/)
    .describe('Month of the timestamp in UTC'),
  status: MessageStatus,
  deliveredTo: z.array(id),
  readBy: z.array(MessageReader),
  deliveredCount: count.exactOptional().describe('In place of the lists in large rooms'),
  readCount: count.exactOptional().describe('In place of the lists in large rooms'),
  messageType: messageTypeDto,
  clientMessageId: id,
  metadata: MessageMetadata.exactOptional(),
  erased: z.literal(true).exactOptional().describe('It was erased: content and clientMessageId are empty'),
});

const RoomMetadata = z.object({
  name: z.string().exactOptional(),
  description: z.string().exactOptional(),
  avatar: z.string().exactOptional(),
});
const RoomUpdate = z.object({
  roomId: id,
  roomType: roomTypeDto,
  createdAt: millis,
  lastMessageAt: millis,
  metadata: RoomMetadata,
  ...position,
  memberRev: count.describe('Counts changes of membership'),
  joinRule: joinRuleDto,
  historyVisibility: historyVisibilityDto,
});
const Room = RoomUpdate.extend({
  participants: z.array(id).describe('All of them where one room is answered, at most 20 in lists'),
  participantCount: count,
  role: Role,
  deliveredUpTo: count,
  readUpTo: count,
  unreadCount: count,
});

const ErrorDetail = z.object({
  code: ErrorCode,
  message: z.string().describe('For people; decide by the code'),
  retryable: z.boolean().describe('The same request may succeed later'),
  outcome: ErrorOutcome.describe('rejected: nothing happened; unknown: it may have been stored'),
  retryAfterMs: count.exactOptional(),
});
const Failure = z.object({ success: z.literal(false), error: ErrorDetail, timestamp: z.iso.datetime() });

/** What clients receive over HTTP and on sockets, by the names of the documents; the types are in `@parlance/proto`. */
export const answerSchemas = {
  MessageType: messageTypeDto,
  MessageStatus,
  RoomType: roomTypeDto,
  JoinRule: joinRuleDto,
  HistoryVisibility: historyVisibilityDto,
  Role,
  ErrorCode,
  ErrorOutcome,
  Attachment,
  MessageMetadata,
  MessageReader,
  Message,
  SentMessage: z.intersection(Message, z.object({ deduplicated: z.boolean(), epoch: millis })),
  RoomMetadata,
  RoomUpdate,
  Room,
  ErrorDetail,
  Failure,
  RevokedUser: z.object({ userId: id, revokedBefore: z.iso.datetime() }),
  DevToken: z.object({ token: z.string(), expiresAt: millis }),
} as const;
