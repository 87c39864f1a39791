export type {
  ChatMessage,
  ChatRoom,
  ErrorOutcome,
  ErrorReason,
  HistoryVisibility,
  JobRun,
  JoinRule,
  MessageStatus,
  MessageType,
  Month,
  MonthInventory,
  NewRoom,
  Participant,
  Role,
  RoomEdit,
  RoomMetadata,
  RoomType,
  SentMessageType,
  Typing,
} from '@parlance/proto';
export type { ClientEventMap } from './client-event-map.js';
export type { ConnectionState } from './connection/connection-state.js';
export type { PendingMessage, SendOptions, SendRefusal } from './outbox/pending-message.js';
export { type IndexedDbOutboxOptions, indexedDbOutbox } from './outbox/stores/indexed-db-outbox.js';
export { memoryOutbox } from './outbox/stores/memory-outbox.js';
export type { OutboxStore, StoredSend } from './outbox/stores/outbox-store.js';
export { ParlanceClient, type ParticipantPage, type ParticipantPageOptions } from './parlance-client.js';
export { ParlanceError, type ParlanceErrorCode, type ParlanceErrorDetails } from './parlance-error.js';
export type { ParlanceOptions } from './parlance-options.js';
export type { Mark, RoomView } from './rooms/room-view.js';
