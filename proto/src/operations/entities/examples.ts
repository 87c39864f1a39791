const at = 1_767_225_600_000;

const message = {
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
} as const;

const roomUpdate = {
  roomId: 'tea',
  roomType: 'group',
  createdAt: at,
  lastMessageAt: at,
  metadata: { name: 'Tea' },
  head: 1,
  rev: 0,
  memberRev: 1,
  epoch: at,
  joinRule: 'invite',
  historyVisibility: 'shared',
} as const;

/** Examples of what operations and events carry. */
export const examples = {
  /** Unix milliseconds, and the same in ISO 8601. */
  at,
  time: '2026-01-01T00:00:00.000Z',
  tea: { roomId: 'tea' },
  place: { head: 1, rev: 0, epoch: at },
  message,
  sentMessage: { ...message, deduplicated: false, epoch: at },
  roomUpdate,
  room: {
    ...roomUpdate,
    participants: ['ann', 'ben'],
    participantCount: 2,
    role: 'owner',
    deliveredUpTo: 1,
    readUpTo: 1,
    unreadCount: 0,
  },
  month: {
    monthYear: '2026-01',
    tier: 'hot',
    state: 'OPEN',
    messages: 1,
    bytes: 4_096,
    next: {
      job: 'seal-month',
      what: 'seal',
      reason: 'a month is sealed a day after its end',
      notBefore: 1_769_990_400_000,
    },
  },
  jobRun: {
    job: 'verify',
    state: 'done',
    begunAt: at,
    endedAt: at,
    succeededAt: at,
    findings: [],
    note: 'no faults in 1 months',
  },
  receipt: { roomId: 'tea', messageId: 1 },
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
} as const;
