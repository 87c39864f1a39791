import type { Sabotage } from './sabotage.js';

const roomStore = 'chat-service/dist/features/rooms/mongo-room-store.js';

/** What makes a run shorter or more eventful; a correct build stays correct under it. */
export const conditions = {
  'drop-events': {
    what: 'events from Redis are dropped on demand',
    edits: [
      {
        file: 'runtime/dist/redis/subscription/sharded-subscriber.js',
        find: 'for (const handler of this.messageHandlers)\n                    handler(channel, payload);',
        replace:
          'if (!globalThis.parlanceDrops()) for (const handler of this.messageHandlers) handler(channel, payload);',
      },
    ],
  },
  'rooms-listed-soon': {
    what: 'the rooms of connected users are listed again every 15 s, not every 5 min',
    edits: [
      {
        file: 'gateway/dist/features/websocket/repair/room-list-reconciler.service.js',
        find: 'const everyMs = 5 * 60_000;',
        replace: 'const everyMs = 15_000;',
      },
    ],
  },
  'inventory-read-soon': {
    what: 'a chat service reads what jobs know each second, not each minute',
    edits: [
      {
        file: 'chat-service/dist/main.js',
        find: 'const inventoryMs = 60_000;',
        replace: 'const inventoryMs = 1_000;',
      },
    ],
  },
  'short-commands': {
    what: 'a write to the log is given up after 300 ms',
    edits: [
      {
        file: 'chat-service/dist/features/slots/mongo-message-store.js',
        find: 'const commandMs = 3_000;',
        replace: 'const commandMs = 300;',
      },
    ],
  },
  'server-clock-elsewhere': {
    what: "what a pod takes for MongoDB's clock is off by what `parlanceServerClockOffsetMs` answers, milliseconds",
    edits: [
      {
        file: 'storage/dist/database/server-clock.js',
        find: 'return localTime.getTime();',
        replace: 'return localTime.getTime() + globalThis.parlanceServerClockOffsetMs();',
      },
      {
        file: roomStore,
        find: "{ $add: ['$$NOW', clockToleranceMs] }",
        replace: "{ $add: ['$$NOW', clockToleranceMs + globalThis.parlanceServerClockOffsetMs()] }",
      },
      {
        file: roomStore,
        find: "{ $subtract: ['$$NOW', clockToleranceMs] }",
        replace: "{ $subtract: ['$$NOW', clockToleranceMs - globalThis.parlanceServerClockOffsetMs()] }",
      },
      {
        file: roomStore,
        find: "openedAt: '$$NOW' }",
        replace: "openedAt: { $add: ['$$NOW', globalThis.parlanceServerClockOffsetMs()] } }",
      },
    ],
  },
  'short-lease': {
    what: 'the lease of the jobs lasts three seconds',
    edits: [
      {
        file: 'jobs/dist/mongo/lease.js',
        find: 'const defaultTtlMs = 30_000;',
        replace: 'const defaultTtlMs = 3_000;',
      },
    ],
  },
  'short-settling': {
    what: 'an erasure waits three seconds for pods to know of it',
    edits: [
      {
        file: 'jobs/dist/erasure/erase-user.js',
        find: 'const defaultSettleMs = 15_000;',
        replace: 'const defaultSettleMs = 3_000;',
      },
    ],
  },
  'answer-as-asked': {
    what: 'a call for a send of the text "answer CODE OUTCOME" fails with this code and outcome, and does nothing',
    edits: [
      {
        file: 'chat-service/dist/features/calls/call-runner.js',
        find: '            const response = await runInSpan(span, call);',
        replace: `            const planted = /^answer (\\w+) (rejected|unknown)$/.exec(request.content ?? '');
            if (planted) throw new ChatError(planted[1], { outcome: planted[2] });
            const response = await runInSpan(span, call);`,
      },
    ],
  },
} as const satisfies Record<string, Sabotage>;
