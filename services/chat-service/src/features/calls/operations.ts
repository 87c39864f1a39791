import type { Call, CallResult, wire } from '@parlance/proto';
import type { CallContext } from '../../requests/call-context.js';
import type { HistoryService } from '../history/history.service.js';
import type { MembershipService } from '../membership/membership.service.js';
import type { RoomAdminService } from '../membership/room-admin.service.js';
import type { RoomCreationService } from '../membership/room-creation.service.js';
import type { MessagesService } from '../messages/messages.service.js';
import type { RoomPolicyService } from '../policy/room-policy.service.js';
import type { ReceiptsService } from '../receipts/receipts.service.js';
import type { RoomHeadsService } from '../room-lists/room-heads.service.js';
import type { RoomsService } from '../room-lists/rooms.service.js';
import type { TypingService } from '../typing/typing.service.js';
import type { RevocationsService } from '../users/revocations.service.js';

/** Name of an operation, as in the `request` of a {@link Call}. */
export type OperationName = keyof OperationTypes;

/** Request and response of every operation that both a unary RPC and a call on the stream can ask for. */
export interface OperationTypes {
  sendMessage: [wire.SendMessageRequest, wire.SendMessageResponse];
  sendSystemMessage: [wire.SendSystemMessageRequest, wire.SendSystemMessageResponse];
  getMessageHistory: [wire.GetMessageHistoryRequest, wire.GetMessageHistoryResponse];
  joinRoom: [wire.JoinRoomRequest, wire.JoinRoomResponse];
  leaveRoom: [wire.LeaveRoomRequest, wire.LeaveRoomResponse];
  createRoom: [wire.CreateRoomRequest, wire.CreateRoomResponse];
  getRoom: [wire.GetRoomRequest, wire.GetRoomResponse];
  listRooms: [wire.ListRoomsRequest, wire.ListRoomsResponse];
  listRoomHeads: [wire.ListRoomHeadsRequest, wire.ListRoomHeadsResponse];
  getRoomHeads: [wire.GetRoomHeadsRequest, wire.GetRoomHeadsResponse];
  listParticipants: [wire.ListParticipantsRequest, wire.ListParticipantsResponse];
  resume: [wire.ResumeRequest, wire.ResumeResponse];
  markMessageDelivered: [wire.MarkMessageDeliveredRequest, wire.MarkMessageDeliveredResponse];
  markMessageRead: [wire.MarkMessageReadRequest, wire.MarkMessageReadResponse];
  setTyping: [wire.SetTypingRequest, wire.SetTypingResponse];
  updateRoom: [wire.UpdateRoomRequest, wire.UpdateRoomResponse];
  addParticipants: [wire.AddParticipantsRequest, wire.AddParticipantsResponse];
  removeParticipant: [wire.RemoveParticipantRequest, wire.RemoveParticipantResponse];
  setRole: [wire.SetRoleRequest, wire.SetRoleResponse];
  revokeUser: [wire.RevokeUserRequest, wire.RevokeUserResponse];
  setRoomPolicy: [wire.SetRoomPolicyRequest, wire.SetRoomPolicyResponse];
  listRevocations: [wire.ListRevocationsRequest, wire.ListRevocationsResponse];
}

/** One implementation of each operation, whichever way it is called. */
export type Operations = {
  readonly [Name in OperationName]: (
    context: CallContext,
    request: OperationTypes[Name][0],
  ) => Promise<OperationTypes[Name][1]>;
};

/** Operations that need no user: those that answer gateways about rooms as such, and what the installation itself says. */
export const withoutCaller: ReadonlySet<OperationName> = new Set([
  'getRoomHeads',
  'listParticipants',
  'listRevocations',
  'sendSystemMessage',
]);

/** Operations that read pages, whose answers may be as large as `limits.answerBytes`: only so many run at a time. */
export const pageReads: ReadonlySet<OperationName> = new Set(['getMessageHistory', 'listRooms', 'resume']);

/** Operations that change nothing: a failed one certainly had no effect. */
export const readOnly: ReadonlySet<OperationName> = new Set([
  'getMessageHistory',
  'getRoom',
  'listRooms',
  'listRoomHeads',
  'getRoomHeads',
  'listParticipants',
  'resume',
  'listRevocations',
]);

/** The services behind the operations. */
export interface OperationServices {
  readonly messages: MessagesService;
  readonly history: HistoryService;
  readonly receipts: ReceiptsService;
  readonly rooms: RoomsService;
  readonly heads: RoomHeadsService;
  readonly creation: RoomCreationService;
  readonly membership: MembershipService;
  readonly admin: RoomAdminService;
  readonly policies: RoomPolicyService;
  readonly typing: TypingService;
  readonly revocations: RevocationsService;
}

/** Puts the services behind the names. */
export function createOperations(services: OperationServices): Operations {
  const { messages, history, receipts, rooms, heads, creation, membership, admin, policies, typing, revocations } =
    services;
  return {
    sendMessage: (context, request) => messages.send(context, request),
    sendSystemMessage: (context, request) => messages.sendSystem(context, request),
    getMessageHistory: (context, request) => history.getHistory(context, request),
    resume: (context, request) => history.resume(context, request),
    markMessageDelivered: (context, request) => receipts.markDelivered(context, request),
    markMessageRead: (context, request) => receipts.markRead(context, request),
    setTyping: (context, request) => typing.setTyping(context, request),
    createRoom: (context, request) => creation.createRoom(context, request),
    joinRoom: (context, request) => membership.joinRoom(context, request),
    leaveRoom: (context, request) => membership.leaveRoom(context, request),
    updateRoom: (context, request) => admin.updateRoom(context, request),
    addParticipants: (context, request) => admin.addParticipants(context, request),
    removeParticipant: (context, request) => admin.removeParticipant(context, request),
    setRole: (context, request) => admin.setRole(context, request),
    getRoom: (context, request) => rooms.getRoom(context, request),
    listRooms: (context, request) => rooms.listRooms(context, request),
    listRoomHeads: (context) => rooms.listRoomHeads(context),
    getRoomHeads: (_context, request) => heads.getRoomHeads(request),
    listParticipants: (_context, request) => rooms.listParticipants(request),
    revokeUser: (_context, request) => revocations.revokeUser(request),
    setRoomPolicy: (context, request) => policies.setRoomPolicy(context, request),
    listRevocations: (_context, request) => revocations.listRevocations(request),
  };
}

/** The type checker's proof that every call and result of the stream has its operation here. */
export type StreamCoversOperations = [OperationName] extends [keyof Call & keyof CallResult] ? true : never;
