import { z } from 'zod';
import { historyVisibilityDto, joinRuleDto } from '../websocket/chat/dto/enum.dto.js';
import { count, id, millis, numberOfMessage, position } from './answer-fields.js';
import { answerSchemas } from './answer-schemas.js';

const { ErrorDetail, Message, Role, RoomMetadata } = answerSchemas;

const change = { rev: z.int().min(1), by: id.describe('Who did it'), timestamp: millis };
const RoleEventKind = z.enum(['joined', 'role']);
const RoleEvent = z.object({ kind: RoleEventKind, ...change, userId: id, role: Role });
const LeftEvent = z.object({ kind: z.literal('left'), ...change, userId: id });
const ErasedEvent = z
  .object({ kind: z.literal('erased'), ...change, userId: id, upToId: numberOfMessage })
  .describe('All messages of this user up to this id are erased');
const UpdatedEvent = z.object({
  kind: z.literal('updated'),
  ...change,
  metadata: RoomMetadata,
  joinRule: joinRuleDto,
  historyVisibility: historyVisibilityDto,
});
const RoomEvent = z
  .discriminatedUnion('kind', [RoleEvent, LeftEvent, ErasedEvent, UpdatedEvent])
  .describe('A change of a room that is not a message, counted by rev');

const MissedInRoom = z
  .object({
    messages: z.array(Message),
    events: z.array(RoomEvent),
    ...position,
    deliveredUpTo: count,
    readUpTo: count,
    hasMore: z.boolean(),
  })
  .describe('All that was missed, or the first part of it');
const TruncatedRoom = z
  .object({ truncated: z.literal(true), firstAvailableId: count, ...position })
  .describe('Too much was missed: load the newest page');
const RestartedRoom = z
  .object({ wentBack: z.literal(true), ...position })
  .describe('The cursor is of a log that is no more: load the room anew');
const UnreadableRoom = z.object({ error: ErrorDetail }).describe('This room cannot be read now, or is not yours');
const ResumedRoom = z.union([MissedInRoom, TruncatedRoom, RestartedRoom, UnreadableRoom]);

const ReceiptStatus = z.enum(['delivered', 'read']);
const RoomPosition = z.object(position);
const ReadyRoom = z.object({ roomId: id, ...position, readUpTo: count, deliveredUpTo: count });
const ReadyLimits = z.object({ contentBytes: count, metadataBytes: count, eventBytes: count, pageItems: count });

/** What only sockets receive, by the names of the documents; the types themselves are in `@parlance/proto`. */
export const eventSchemas = {
  RoleEventKind,
  RoleEvent,
  LeftEvent,
  ErasedEvent,
  UpdatedEvent,
  RoomEvent,
  MissedInRoom,
  TruncatedRoom,
  RestartedRoom,
  UnreadableRoom,
  ResumedRoom,
  Resumed: z.object({ rooms: z.record(id, ResumedRoom) }),
  Receipt: z.object({ roomId: id, messageId: numberOfMessage }),
  LeftRoom: z.object({ roomId: id }),
  Empty: z.object({}),
  TokenExpiry: z.object({ expiresAt: z.iso.datetime() }),
  RoomJoined: z.object({
    roomId: id,
    userIds: z.array(id).min(1).describe('When userCount is more, not all of them'),
    userCount: z.int().min(1),
    rev: count,
    timestamp: millis,
  }),
  RoomLeft: z.object({ roomId: id, userId: id, rev: count, timestamp: millis }),
  Typing: z.object({ roomId: id, userId: id, isTyping: z.boolean() }),
  ReconnectIn: z.object({ delayMs: count }),
  RoomPosition,
  Heads: z.record(id, RoomPosition),
  ReceiptStatus,
  MessageStatusUpdate: z.object({
    roomId: id,
    messageId: numberOfMessage,
    status: ReceiptStatus,
    userId: id,
    timestamp: millis,
    readAt: millis.exactOptional(),
  }),
  ReadyRoom,
  ReadyLimits,
  Ready: z.object({
    userId: id,
    serverTime: millis,
    protocolVersion: z.int(),
    rooms: z.array(ReadyRoom),
    limits: ReadyLimits,
  }),
} as const;
