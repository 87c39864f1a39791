import { errorReasons, historyVisibilities, joinRules, messageTypes, roomEventKinds, roomTypes } from '@parlance/proto';
import { z } from 'zod';

const id = z.string();
const count = z.int().min(0);
const millis = z.int().min(0).describe('Unix milliseconds');
const position = { head: count, rev: count, epoch: millis };

const message = z.object({
  messageId: z.int().min(1),
  roomId: id,
  senderId: id,
  content: z.string(),
  timestamp: millis,
  monthYear: z.string().regex(/^\d{4}-\d{2}$/),
  status: z.enum(['sent', 'delivered', 'read']),
  deliveredTo: z.array(id),
  readBy: z.array(z.object({ userId: id, readAt: millis })),
  deliveredCount: count.optional(),
  readCount: count.optional(),
  messageType: z.enum(messageTypes),
  clientMessageId: id,
  metadata: z.record(z.string(), z.unknown()).optional(),
  erased: z.literal(true).optional(),
});
const roomMetadata = z.object({
  name: z.string().optional(),
  description: z.string().optional(),
  avatar: z.string().optional(),
});
const roomUpdate = z.object({
  roomId: id,
  roomType: z.enum(roomTypes),
  createdAt: millis,
  lastMessageAt: millis,
  metadata: roomMetadata,
  ...position,
  memberRev: count,
  joinRule: z.enum(joinRules),
  historyVisibility: z.enum(historyVisibilities),
});
const room = roomUpdate.extend({
  participants: z.array(id),
  participantCount: count,
  role: z.enum(['owner', 'admin', 'participant']),
  deliveredUpTo: count,
  readUpTo: count,
  unreadCount: count,
});
const error = z.object({
  code: z.enum(errorReasons),
  message: z.string(),
  retryable: z.boolean(),
  outcome: z.enum(['rejected', 'unknown']),
  retryAfterMs: count.optional(),
});
const failure = z.object({ success: z.literal(false), error, timestamp: z.iso.datetime() });
const roomEvent = z.object({
  rev: z.int().min(1),
  by: id,
  timestamp: millis,
  kind: z.enum(roomEventKinds),
  userId: id.optional(),
  upToId: z.int().min(1).optional(),
  role: room.shape.role.optional(),
  metadata: roomMetadata.optional(),
  joinRule: room.shape.joinRule.optional(),
  historyVisibility: room.shape.historyVisibility.optional(),
});
const resumedRoom = z.union([
  z.object({
    messages: z.array(message),
    events: z.array(roomEvent),
    ...position,
    deliveredUpTo: count,
    readUpTo: count,
    hasMore: z.boolean(),
  }),
  z.object({ truncated: z.literal(true), firstAvailableId: count, ...position }),
  z.object({ wentBack: z.literal(true), ...position }),
  z.object({ error }),
]);
const roomJoined = z.object({
  roomId: id,
  userIds: z.array(id).min(1).describe('When userCount is more, not all of them'),
  userCount: z.int().min(1),
  rev: count,
  timestamp: millis,
});
const roomLeft = z.object({ roomId: id, userId: id, rev: count, timestamp: millis });

/** What clients receive, as schemas of the documents; the types themselves are in `@parlance/proto`. */
export const answerSchemas = {
  message,
  sentMessage: message.extend({ deduplicated: z.boolean(), epoch: millis }),
  room,
  roomUpdate,
  failure,
  resumed: z.object({ rooms: z.record(id, resumedRoom) }),
  roomOnly: z.object({ roomId: id }),
  receipt: z.object({ roomId: id, messageId: z.int().min(1) }),
  nothing: z.object({}),
  expiry: z.object({ expiresAt: z.iso.datetime() }),
  devToken: z.object({ token: z.string(), expiresAt: millis }),
  revokedUser: z.object({ userId: id, revokedBefore: z.iso.datetime() }),
  roomJoined,
  roomLeft,
  typing: z.object({ roomId: id, userId: id, isTyping: z.boolean() }),
  reconnectIn: z.object({ delayMs: count }),
  heads: z.record(id, z.object(position)),
  statusUpdate: z.object({
    roomId: id,
    messageId: z.int().min(1),
    status: z.enum(['delivered', 'read']),
    userId: id,
    timestamp: millis,
    readAt: millis.optional(),
  }),
  ready: z.object({
    userId: id,
    serverTime: millis,
    protocolVersion: z.int(),
    rooms: z.array(z.object({ roomId: id, ...position, readUpTo: count, deliveredUpTo: count })),
    limits: z.object({ contentBytes: count, metadataBytes: count, eventBytes: count, pageItems: count }),
  }),
} as const;
