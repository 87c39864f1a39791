import {
  type ChatMessage,
  type ChatRoom,
  fromCallError,
  type HistoryVisibility,
  type JoinRule,
  type MessageStatus,
  type MessageType,
  type ResumedRoom,
  type Role,
  type RoomEvent,
  type RoomType,
  type WireMessage,
  type WireRoom,
  type WireRoomEvent,
  type wire,
} from '@parlance/proto';
import { toFailure } from './ack.mapper.js';

/** A message of the chat service as clients see it. */
export function toChatMessage(message: WireMessage): ChatMessage {
  const { metadataJson, readBy, ...fields } = message;
  return {
    messageId: fields.messageId,
    roomId: fields.roomId,
    senderId: fields.senderId,
    content: fields.content,
    timestamp: fields.timestamp,
    monthYear: fields.monthYear,
    status: fields.status as MessageStatus,
    deliveredTo: fields.deliveredTo,
    readBy,
    ...(fields.receiptsCounted ? { deliveredCount: fields.deliveredCount, readCount: fields.readCount } : {}),
    messageType: fields.messageType as MessageType,
    clientMessageId: fields.clientMessageId,
    ...(fields.erased ? { erased: true as const } : {}),
    ...(metadataJson === '' ? {} : { metadata: JSON.parse(metadataJson) as Record<string, unknown> }),
  };
}

/** A room of the chat service as clients see it; empty metadata fields are left out. */
export function toChatRoom(room: WireRoom): ChatRoom {
  return {
    roomId: room.roomId,
    roomType: room.roomType as RoomType,
    participants: room.participants,
    participantCount: room.participantCount,
    createdAt: room.createdAt,
    lastMessageAt: room.lastMessageAt,
    metadata: withoutEmpty({ ...room.metadata }),
    head: room.head,
    rev: room.rev,
    memberRev: room.memberRev,
    epoch: room.epoch,
    joinRule: room.joinRule as JoinRule,
    historyVisibility: room.historyVisibility as HistoryVisibility,
    role: room.role as Role,
    deliveredUpTo: room.deliveredUpTo,
    readUpTo: room.readUpTo,
    unreadCount: room.unreadCount,
  };
}

/** A room event of the chat service as clients see it. */
export function toRoomEvent(event: WireRoomEvent): RoomEvent {
  const { rev, by, timestamp, userId } = event;
  const base = { rev, by, timestamp };
  switch (event.kind) {
    case 'left':
      return { ...base, kind: 'left', userId };
    case 'erased':
      return { ...base, kind: 'erased', userId, upToId: event.upToId };
    case 'updated':
      return {
        ...base,
        kind: 'updated',
        metadata: withoutEmpty({ ...event.metadata }),
        joinRule: event.joinRule as JoinRule,
        historyVisibility: event.historyVisibility as HistoryVisibility,
      };
    default:
      return { ...base, kind: event.kind as 'joined' | 'role', userId, role: event.role as Role };
  }
}

/** What was missed in a room as clients see it. */
export function toResumedRoom(room: wire.ResumedRoom): ResumedRoom {
  const { head, rev, epoch, deliveredUpTo, readUpTo, hasMore, firstAvailableId } = room;
  const place = { head, rev, epoch };
  if (room.error) return { error: toFailure(fromCallError(room.error), 0).error };
  if (room.wentBack) return { wentBack: true, ...place };
  if (room.truncated) return { truncated: true, firstAvailableId, ...place };
  const messages = room.messages.map(toChatMessage);
  return { messages, events: room.events.map(toRoomEvent), ...place, deliveredUpTo, readUpTo, hasMore };
}

function withoutEmpty(metadata: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== ''));
}
