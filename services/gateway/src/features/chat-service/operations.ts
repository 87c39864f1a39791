import type { Call, CallResult } from '@parlance/proto';

/** Name of what can be asked of the chat service on the stream: the fields of `Call.request`. */
export type Operation = Exclude<keyof Call, 'callId' | 'userId' | 'traceId' | 'deadlineMs' | 'requestId' | 'isRepeat'>;

/** The request message of an operation. */
export type RequestOf<Name extends Operation> = NonNullable<Call[Name]>;

/** The response message of an operation. */
export type ResponseOf<Name extends Operation> = NonNullable<CallResult[Name]>;

/** What the link needs to know about each operation. */
export const operations: Readonly<Record<Operation, OperationTraits>> = {
  sendMessage: { effect: 'write', repeatable: true },
  sendSystemMessage: { effect: 'write', repeatable: true },
  getMessageHistory: { effect: 'read', repeatable: true },
  joinRoom: { effect: 'write', repeatable: true, changesRoom: true },
  leaveRoom: { effect: 'write', repeatable: true, changesRoom: true },
  createRoom: { effect: 'write', repeatable: false },
  getRoom: { effect: 'read', repeatable: true },
  listRooms: { effect: 'read', repeatable: true },
  listRoomHeads: { effect: 'read', repeatable: true },
  getRoomHeads: { effect: 'read', repeatable: true },
  listParticipants: { effect: 'read', repeatable: true },
  resume: { effect: 'read', repeatable: true },
  markMessageDelivered: { effect: 'write', repeatable: true },
  markMessageRead: { effect: 'write', repeatable: true },
  setTyping: { effect: 'read', repeatable: false },
  updateRoom: { effect: 'write', repeatable: false, changesRoom: true },
  addParticipants: { effect: 'write', repeatable: true, changesRoom: true },
  removeParticipant: { effect: 'write', repeatable: false, changesRoom: true },
  setRole: { effect: 'write', repeatable: true, changesRoom: true },
  revokeUser: { effect: 'write', repeatable: true },
  setRoomPolicy: { effect: 'write', repeatable: true },
  listRevocations: { effect: 'read', repeatable: true },
};

/** How an operation may be handled when its stream breaks. */
export interface OperationTraits {
  /** A write whose answer is lost has an unknown outcome; a read simply did not happen. */
  readonly effect: 'read' | 'write';
  /** Asking twice is the same as asking once: sends carry a clientMessageId (R5), joins and leaves a request id. */
  readonly repeatable: boolean;
  /** A room is changed once for all attempts: one that comes late does not undo what came after the first. */
  readonly changesRoom?: true;
}
