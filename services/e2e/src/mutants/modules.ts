/** What is mutated together, by name. Globs are from the repository's root. */
export const modules: Readonly<Record<ModuleName, MutantModule>> = {
  'client-reducers': {
    what: "the SDK's rooms: what one change after another makes of them",
    mutate: [
      ...files('clients/typescript/src/rooms/state', [
        'reduce-room',
        'room-window',
        'room-events',
        'room-marks',
        'room-members',
        'room-state',
      ]),
      ...files('clients/typescript/src/catch-up', ['resume-request', 'comeback']),
    ],
    tests: [
      ...files('clients/typescript/src/rooms/state', ['reduce-room', 'room-marks', 'room-window'], 'spec.ts'),
      'clients/typescript/src/catch-up/resume-request.spec.ts',
    ],
    needsServers: false,
  },
  'client-policies': {
    what: "the SDK's decisions: when to try again, what to refuse, what to give up",
    mutate: files('clients/typescript/src', [
      'connection/reconnect-policy',
      'connection/patience',
      'socket/socket-ended',
      'socket/liveness-check',
      'time/full-jitter',
      'time/retry-delay',
      'tokens/token-expiry',
      'outbox/outbox-policy',
      'outbox/send-gate',
      'outbox/sizes/size-refusal',
      'outbox/sizes/event-size',
      'catch-up/rolled-back-rooms',
    ]),
    tests: files(
      'clients/typescript/src',
      [
        'connection/reconnect-policy',
        'socket/{socket-ended,liveness-check}',
        'tokens/token-expiry',
        'outbox/outbox-policy',
        'outbox/send-gate',
        'outbox/sizes/size-refusal',
        'catch-up/rolled-back-rooms',
      ],
      'spec.ts',
    ),
    needsServers: false,
  },
  'gateway-feeds': {
    what: 'what a gateway passes on, holds back and fetches for its sockets',
    mutate: files('services/gateway/src/features/websocket', [
      'fan-out/room-feed',
      'repair/room-repair.service',
      'fan-out/fan-out',
      'sessions/make-room',
    ]),
    tests: [
      'services/gateway/src/features/websocket/fan-out/{room-feed,fan-out}.spec.ts',
      'services/gateway/src/features/websocket/{repair/room-repair.service,sessions/make-room}.spec.ts',
    ],
    needsServers: false,
  },
  'gateway-policies': {
    what: 'who gets in, what is repeated, and where a call goes',
    mutate: [
      'services/gateway/src/features/websocket/sessions/handshake-policy.ts',
      ...files('services/gateway/src/features/auth', [
        'origins/origin-policy',
        'revocations/revocation-table',
        'tokens/token-life',
      ]),
      ...files('services/gateway/src/features/chat-service/calls', ['retry-budget', 'retry-policy']),
      ...files('services/gateway/src/features/chat-service/routing', ['rendezvous', 'room-affinity', 'recent-rooms']),
      'services/gateway/src/features/limits/client-address.ts',
    ],
    tests: [
      'services/gateway/src/features/websocket/sessions/handshake-policy.spec.ts',
      'services/gateway/src/features/auth/*/{origin-policy,revocation-table,token-life}.spec.ts',
      'services/gateway/src/features/chat-service/{calls/retry-*,routing/*}.spec.ts',
      'services/gateway/src/features/limits/*.spec.ts',
    ],
    needsServers: false,
  },
  'chat-policies': {
    what: 'limits of sends, places in the history, marks in memory, the clock',
    mutate: [
      'services/libs/runtime/src/rates/token-buckets.ts',
      'services/chat-service/src/features/history/history-position.ts',
      'services/chat-service/src/features/receipts/receipt-book.ts',
      'services/chat-service/src/features/receipts/message-status.ts',
      'services/chat-service/src/features/months/clock-guard.ts',
    ],
    // Without the million reports of receipt-book.prop.spec.ts.
    tests: [
      'services/chat-service/src/features/months/*.spec.ts',
      'services/libs/runtime/src/rates/*.spec.ts',
      'services/chat-service/src/features/history/history-position.prop.spec.ts',
      'services/chat-service/src/features/receipts/{receipt-book,message-status}.spec.ts',
    ],
    needsServers: false,
  },
  'room-decisions': {
    what: 'what may become of a room and by whom, who owns it, and what an insert command tells of its documents',
    mutate: [
      ...files('services/chat-service/src/features/membership', ['room-decisions', 'room-permissions']),
      ...files('services/libs/storage/src', ['rooms/roster', 'slots/insert-outcome', 'slots/seal-slot']),
    ],
    tests: [
      ...files('services/chat-service/src/features/membership', ['room-decisions.spec', 'room-permissions.spec']),
      ...files('services/libs/storage/src', [
        'rooms/roster.spec',
        'rooms/roster.prop.spec',
        'slots/insert-outcome.spec',
        'slots/seal-slot.spec',
      ]),
    ],
    needsServers: false,
  },
  'room-stores': {
    what: 'rooms, participants, receipts and revocations in a real MongoDB',
    mutate: [
      ...files('services/chat-service/src/features/rooms', [
        'mongo-room-store',
        'stored-room',
        'mongo-participant-store',
        'mongo-room-event-store',
      ]),
      'services/chat-service/src/features/receipts/mongo-receipt-store.ts',
      'services/chat-service/src/features/users/mongo-revocation-store.ts',
      ...files('services/libs/storage/src', ['rooms/change-room', 'rooms/log-room-events']),
    ],
    // Those on one MongoDB and nothing else: what starts pods and Redis takes longer than all other tests together.
    tests: files('services/chat-service/test/rooms', ['store-guards', 'room-stores'], 'int-spec.ts'),
    needsServers: true,
  },
  'message-stores': {
    what: 'the slots of the log in a real MongoDB',
    mutate: [
      'services/chat-service/src/features/slots/mongo-message-store.ts',
      ...files('services/libs/storage/src', ['slots/insert-slots', 'slots/last-slots']),
    ],
    tests: ['services/chat-service/test/messages/message-store.int-spec.ts'],
    needsServers: true,
  },
};

/** Name of a module. */
export type ModuleName =
  | 'client-reducers'
  | 'client-policies'
  | 'gateway-feeds'
  | 'gateway-policies'
  | 'chat-policies'
  | 'room-decisions'
  | 'room-stores'
  | 'message-stores';

/** See {@link modules}. */
export interface MutantModule {
  readonly what: string;
  /** Source files to mutate. */
  readonly mutate: readonly string[];
  /** Tests that have to notice. */
  readonly tests: readonly string[];
  /** The tests start real servers: seconds a mutant in place of a fraction of one. */
  readonly needsServers: boolean;
}

function files(folder: string, names: readonly string[], ending = 'ts'): readonly string[] {
  return names.map((name) => `${folder}/${name}.${ending}`);
}
