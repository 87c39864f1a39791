import { errorReasons } from '../errors/error-reason.js';
import { errorTable } from '../errors/error-table.js';
import type { ResumedRoom } from '../gen/chat/v1/chat_service_messages.js';
import type { ChatMessage } from '../gen/chat/v1/message.js';
import type { ChatRoom, RoomEvent, RoomMetadata } from '../gen/chat/v1/room.js';
import { limits } from '../limits.js';
import { jsonTextBytes, reparsedJsonBytes } from './json-bytes.js';

const most = Number.MAX_SAFE_INTEGER;

const messageFrame = skeletonBytes({
  messageId: most,
  roomId: '',
  senderId: '',
  content: '',
  timestamp: most,
  monthYear: '0000-00',
  status: 'delivered',
  deliveredTo: [],
  readBy: [],
  deliveredCount: most,
  readCount: most,
  messageType: 'system',
  clientMessageId: '',
  metadata: '',
  erased: true,
});

const readerFrame = skeletonBytes({ userId: '', readAt: most });

const roomFrame = skeletonBytes({
  roomId: '',
  roomType: 'group',
  participants: [],
  participantCount: most,
  createdAt: most,
  lastMessageAt: most,
  metadata: { name: '', description: '', avatar: '' },
  head: most,
  rev: most,
  memberRev: most,
  epoch: most,
  joinRule: 'invite',
  historyVisibility: 'shared',
  role: 'participant',
  deliveredUpTo: most,
  readUpTo: most,
  unreadCount: most,
});

const eventFrame = skeletonBytes({
  rev: most,
  by: '',
  timestamp: most,
  kind: 'updated',
  userId: '',
  role: 'participant',
  upToId: most,
  metadata: { name: '', description: '', avatar: '' },
  joinRule: 'invite',
  historyVisibility: 'shared',
});

/** What an error says that was given no text. */
const ownTexts = Object.values(errorTable).map(({ text }) => text);

/** The longest of the forms of a resumed room, and its name before it. */
const resumedFrame = Math.max(
  skeletonBytes({
    '': {
      messages: [],
      events: [],
      head: most,
      rev: most,
      epoch: most,
      deliveredUpTo: most,
      readUpTo: most,
      hasMore: false,
    },
  }),
  skeletonBytes({ '': { truncated: true, firstAvailableId: most, head: most, rev: most, epoch: most } }),
  skeletonBytes({
    '': {
      error: {
        code: longest(errorReasons),
        message: longest(ownTexts),
        retryable: false,
        outcome: 'rejected',
        retryAfterMs: most,
      },
    },
  }),
);

/**
 * How large the parts of an answer become as JSON, the comma behind each included. Upper bounds, a few digits above what
 * `JSON.stringify` makes of them, at a fraction of its price. Whoever makes a page ends it by them, and so a page is at
 * most `limits.answerBytes`, whatever is in it. Ids are taken for what they are: characters that JSON does not escape.
 */
export const answerBytes = {
  /** For all items of one page together. */
  ofPage: limits.answerBytes - 1_024,

  ofMessage(message: ChatMessage): number {
    const { roomId, senderId, clientMessageId, content, metadataJson, deliveredTo, readBy } = message;
    let bytes = messageFrame + roomId.length + senderId.length + clientMessageId.length + jsonTextBytes(content);
    if (metadataJson !== '') bytes += reparsedJsonBytes(metadataJson);
    for (const userId of deliveredTo) bytes += userId.length + 3;
    for (const { userId } of readBy) bytes += userId.length + readerFrame;
    return bytes;
  },

  ofRoom(room: ChatRoom): number {
    let bytes = roomFrame + room.roomId.length + metadataBytes(room.metadata);
    for (const userId of room.participants) bytes += userId.length + 3;
    return bytes;
  },

  ofRoomEvent({ by, userId, metadata }: RoomEvent): number {
    return eventFrame + by.length + userId.length + metadataBytes(metadata);
  },

  /** A room of a `resume` without its messages and events. */
  ofResumedRoom({ roomId, error }: Pick<ResumedRoom, 'roomId' | 'error'>): number {
    const bytes = resumedFrame + roomId.length;
    return error ? bytes + jsonTextBytes(error.message) : bytes;
  },
} as const;

function metadataBytes(metadata: RoomMetadata | undefined): number {
  if (!metadata) return 0;
  return jsonTextBytes(metadata.name) + jsonTextBytes(metadata.description) + jsonTextBytes(metadata.avatar);
}

/** Bytes of an object with empty texts and the longest numbers and names, and of the comma behind it. */
function skeletonBytes(longest: object): number {
  return Buffer.byteLength(JSON.stringify(longest)) + 1;
}

function longest(texts: readonly string[]): string {
  return texts.reduce((long, text) => (text.length > long.length ? text : long), '');
}
