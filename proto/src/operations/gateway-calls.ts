import type { CallName, CallTraits } from './call.js';

/** Calls that no client asks for: what gateways want to know themselves, and what only other services ask. */
export const gatewayCalls = {
  listRoomHeads: { effect: 'read', repeatable: true },
  getRoomHeads: { effect: 'read', repeatable: true, needsNoCaller: true },
  listParticipants: { effect: 'read', repeatable: true, needsNoCaller: true },
  listRevocations: { effect: 'read', repeatable: true, needsNoCaller: true },
  listBusyRooms: { effect: 'read', repeatable: true, needsNoCaller: true },
  setRoomPolicy: { effect: 'write', repeatable: true },
} as const satisfies Partial<Record<CallName, CallTraits>>;
