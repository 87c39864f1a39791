export { chatProto, metadataKeys } from './chat-proto.js';
export type { Ack, AckSuccess } from './errors/ack.js';
export { fromCallError, toCallError } from './errors/call-error.js';
export { ChatError, type ChatErrorDetails, type ErrorOutcome, toChatError } from './errors/chat-error.js';
export { type ErrorReason, errorReasons, toWireReason } from './errors/error-reason.js';
export { type ErrorRow, errorTable } from './errors/error-table.js';
export {
  decodeEnvelope,
  type EventEnvelope,
  type EventHeader,
  type EventType,
  encodeEnvelope,
  type HeardEvent,
} from './events/event-envelope.js';
export {
  everyUserChannel,
  hashText,
  roomChannel,
  userChannel,
  userChannelPrefix,
  userChannels,
} from './events/partitions.js';
export {
  type ClientEventName,
  type ClientEvents,
  protocolVersion,
  type ServerEventName,
  type ServerEvents,
} from './events/socket-events.js';
export type * as wire from './gen/chat/v1/chat_service_messages.js';
export { type CallError, ErrorOutcome as WireOutcome } from './gen/chat/v1/error.js';
export type { Call, CallResult, ExchangeRequest, ExchangeResponse } from './gen/chat/v1/exchange.js';
export type { ChatMessage as WireMessage } from './gen/chat/v1/message.js';
export type { ChatRoom as WireRoom, RoomEvent as WireRoomEvent, RoomHead } from './gen/chat/v1/room.js';
export { isId, isReservedId, isSystemSender, isUserId, type RoomId, type UserId } from './ids.js';
export { limits } from './limits.js';
export { type Attachment, attachmentsFault } from './messages/attachments.js';
export { sentMessageTypes } from './messages/chat-message.js';
export { fromDateFault } from './messages/from-date-fault.js';
export { isPlainObject, plainJsonFault } from './messages/plain-json.js';
export { textFault } from './messages/text-fault.js';
export type * from './operations/gen/client-types.js';
export { fieldOfGroupsOnly, historyVisibilities, joinRules, roomTypes } from './rooms/chat-room.js';
export { roomEventKinds } from './rooms/room-event.js';
export { answerBytes } from './sizes/answer-bytes.js';
export { frameBytes } from './sizes/frame-bytes.js';
