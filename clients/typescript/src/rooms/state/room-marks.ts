import type { ChatMessage, MessageStatus } from '@parlance/proto';
import type { Mark } from '../room-view.js';
import { namesAll } from './room-members.js';
import type { RoomState } from './room-state.js';

const statuses: readonly MessageStatus[] = ['sent', 'delivered', 'read'];

/** Rooms of more participants than this name no readers, only their number; a test compares it with the contract. */
export const namedReaders = 100;

/** Raises a participant's marks; they never fall. Reading something means having got it. */
export function raiseMark(state: RoomState, userId: string, to: Partial<Mark>): RoomState {
  const { delivered = 0, read = 0, readAt } = state.marks.get(userId) ?? {};
  const nextRead = Math.max(read, to.read ?? 0);
  const nextDelivered = Math.max(delivered, nextRead, to.delivered ?? 0);
  const nextReadAt = nextRead > read ? to.readAt : (readAt ?? (nextRead === to.read ? to.readAt : undefined));
  if (nextRead === read && nextDelivered === delivered && nextReadAt === readAt) return state;
  const mark = {
    delivered: nextDelivered,
    read: nextRead,
    ...(nextReadAt === undefined ? {} : { readAt: nextReadAt }),
  };
  return { ...state, marks: new Map(state.marks).set(userId, mark) };
}

/**
 * What a message says of marks: its receipts of its readers', and that its sender, if it is a user, has read what was
 * before it (R12: marks only rise).
 */
export function raiseMarksOf(state: RoomState, message: ChatMessage): RoomState {
  const { messageId, senderId, timestamp, deliveredTo, readBy } = message;
  const isOfUser = message.messageType !== 'system';
  const sent = isOfUser ? raiseMark(state, senderId, { read: messageId, readAt: timestamp }) : state;
  const delivered = deliveredTo.reduce((next, userId) => raiseMark(next, userId, { delivered: messageId }), sent);
  return readBy.reduce((next, { userId, readAt }) => raiseMark(next, userId, { read: messageId, readAt }), delivered);
}

/**
 * Derives the receipts of own messages from the marks, as the server does it (R12: marks only rise), where something
 * changed that they depend on. A status never falls: who joins later may not see the message, which a client cannot
 * tell. Nor does it rise where not all participants are named.
 */
export function deriveReceipts(before: RoomState, after: RoomState): RoomState {
  const isSame =
    before.marks === after.marks &&
    before.messages === after.messages &&
    before.room.participants === after.room.participants;
  if (isSame) return after;
  const messages = after.messages.map((message) =>
    message.senderId === after.me ? withReceipts(message, after) : message,
  );
  const changed = messages.some((message, index) => message !== after.messages[index]);
  return changed ? { ...after, messages } : after;
}

function withReceipts(message: ChatMessage, { me, room, marks }: RoomState): ChatMessage {
  const { messageId } = message;
  const isWhole = namesAll(room);
  const known = isWhole ? room.participants : [...new Set([...room.participants, ...marks.keys()])];
  const others = known.filter((userId) => userId !== me);
  const delivered = others.filter((userId) => (marks.get(userId)?.delivered ?? 0) >= messageId);
  const read = others.filter((userId) => (marks.get(userId)?.read ?? 0) >= messageId);
  const isAll = (some: readonly string[]): boolean => isWhole && others.length > 0 && some.length === others.length;
  const derived = isAll(read) ? 'read' : isAll(delivered) ? 'delivered' : 'sent';
  const status = statuses.indexOf(derived) > statuses.indexOf(message.status) ? derived : message.status;
  if (message.deliveredCount !== undefined || message.readCount !== undefined || room.participantCount > namedReaders) {
    const deliveredCount = Math.max(message.deliveredCount ?? 0, delivered.length);
    const readCount = Math.max(message.readCount ?? 0, read.length);
    const isSame =
      status === message.status && deliveredCount === message.deliveredCount && readCount === message.readCount;
    return isSame ? message : { ...message, status, deliveredTo: [], readBy: [], deliveredCount, readCount };
  }
  const readBy = read.map(
    (userId) =>
      message.readBy.find((reader) => reader.userId === userId) ?? { userId, readAt: marks.get(userId)?.readAt ?? 0 },
  );
  const isSame =
    status === message.status &&
    sameItems(delivered, message.deliveredTo) &&
    sameItems(
      readBy.map(({ userId }) => userId),
      message.readBy.map(({ userId }) => userId),
    );
  return isSame ? message : { ...message, status, deliveredTo: delivered, readBy };
}

function sameItems(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((item, index) => item === right[index]);
}
