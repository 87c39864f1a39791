export type { Ack, AckSuccess } from './ack.js';
export { answerBytes } from './answer-bytes.js';
export { type Attachment, attachmentsFault } from './attachments.js';
export { fromCallError, toCallError } from './call-error.js';
export { ChatError, type ChatErrorDetails, type ErrorOutcome, toChatError } from './chat-error.js';
export { sentMessageTypes } from './chat-message.js';
export { chatProto, metadataKeys } from './chat-proto.js';
export { fieldOfGroupsOnly, historyVisibilities, joinRules, roomTypes } from './chat-room.js';
export { type ErrorReason, errorReasons, toWireReason } from './error-reason.js';
export { type ErrorRow, errorTable } from './error-table.js';
export {
  decodeEnvelope,
  type EventEnvelope,
  type EventHeader,
  type EventType,
  encodeEnvelope,
} from './event-envelope.js';
export { frameBytes } from './frame-bytes.js';
export { fromDateFault } from './from-date-fault.js';
export type * as wire from './gen/chat/v1/chat_service_messages.js';
export { type CallError, ErrorOutcome as WireOutcome } from './gen/chat/v1/error.js';
export type { Call, CallResult, ExchangeRequest, ExchangeResponse } from './gen/chat/v1/exchange.js';
export type { ChatMessage as WireMessage } from './gen/chat/v1/message.js';
export type { ChatRoom as WireRoom, RoomEvent as WireRoomEvent, RoomHead } from './gen/chat/v1/room.js';
export { isId, isReservedId, isSystemSender, isUserId, type RoomId, type UserId } from './ids.js';
export { limits } from './limits.js';
export type * from './operations/gen/client-types.js';
export { everyUserChannel, hashText, roomChannel, userChannel, userChannels } from './partitions.js';
export { isPlainObject, plainJsonFault } from './plain-json.js';
export { roomEventKinds } from './room-event.js';
export {
  type ClientEventName,
  type ClientEvents,
  protocolVersion,
  type ServerEventName,
  type ServerEvents,
} from './socket-events.js';
export { textFault } from './text-fault.js';
