const at = 1_767_225_600_000;

/** Examples of the documents: one of everything that answers and events carry. */
export const apiExamples = {
  message: {
    messageId: 1,
    roomId: 'tea',
    senderId: 'ann',
    content: 'Hello',
    timestamp: at,
    monthYear: '2026-01',
    status: 'sent',
    deliveredTo: [],
    readBy: [],
    messageType: 'text',
    clientMessageId: 'c-1',
  },
  roomUpdate: {
    roomId: 'tea',
    roomType: 'group',
    createdAt: at,
    lastMessageAt: at,
    metadata: { name: 'Tea' },
    head: 1,
    rev: 0,
    memberRev: 1,
    joinRule: 'invite',
    historyVisibility: 'shared',
  },
  ownRoom: {
    participants: ['ann', 'ben'],
    participantCount: 2,
    role: 'owner',
    deliveredUpTo: 1,
    readUpTo: 1,
    unreadCount: 0,
  },
  failure: {
    success: false,
    error: {
      code: 'RATE_LIMITED',
      message: 'Too many requests.',
      retryable: true,
      outcome: 'rejected',
      retryAfterMs: 200,
    },
    timestamp: '2026-01-01T00:00:00.000Z',
  },
  receipt: { roomId: 'tea', messageId: 1 },
  roomJoined: { roomId: 'tea', userIds: ['ben', 'cy'], userCount: 2, rev: 2, timestamp: at },
  roomLeft: { roomId: 'tea', userId: 'ben', rev: 3, timestamp: at },
  at,
  time: '2026-01-01T00:00:00.000Z',
} as const;
