import type { ChatMessage, ChatRoom } from '@parlance/proto';
import { newRoomState, type RoomState } from '../../src/rooms/state/room-state.js';

/** A room of `me`, `ann` and `bob` with nothing in it. */
export function someRoom(more: Partial<ChatRoom> = {}): ChatRoom {
  const participants = more.participants ?? ['me', 'ann', 'bob'];
  return {
    roomId: 'r',
    roomType: 'group',
    participants,
    participantCount: participants.length,
    createdAt: 1,
    lastMessageAt: 1,
    metadata: {},
    head: 0,
    rev: 0,
    memberRev: 0,
    epoch: 1,
    joinRule: 'invite',
    historyVisibility: 'shared',
    role: 'participant',
    deliveredUpTo: 0,
    readUpTo: 0,
    unreadCount: 0,
    ...more,
  };
}

/** The state of {@link someRoom}, just loaded. */
export function someState(more: Partial<ChatRoom> = {}, cursor = 0): RoomState {
  return newRoomState('me', someRoom(more), cursor, cursor);
}

/** A message of ann's, sent at 1,000 ms for each id. */
export function someMessage(messageId: number, more: Partial<ChatMessage> = {}): ChatMessage {
  return {
    messageId,
    roomId: 'r',
    senderId: 'ann',
    content: `${messageId}`,
    timestamp: 1_000 * messageId,
    monthYear: '2026-01',
    status: 'sent',
    deliveredTo: [],
    readBy: [],
    messageType: 'text',
    clientMessageId: `c${messageId}`,
    ...more,
  };
}
