export { ArchiveFault, type ArchiveTrouble } from './archive/archive-fault.js';
export {
  type BackupManifest,
  type BackupMonth,
  decodeBackup,
  type EncodedBackup,
  encodeBackup,
} from './archive/backup/backup-manifest.js';
export {
  type DocumentsEntry,
  type DocumentsPart,
  type DocumentsPlace,
  readDocuments,
  writeDocuments,
} from './archive/backup/documents-file.js';
export { type ArchiveKey, ArchiveKeys } from './archive/format/archive-keys.js';
export type { ArchiveManifest, DictionaryEntry, SegmentEntry } from './archive/format/manifest.js';
export { decodeManifest, type EncodedManifest, encodeManifest } from './archive/format/manifest-codec.js';
export { ArchiveReader, type ArchiveReference } from './archive/read/archive-reader.js';
export type { ArchivedMonth } from './archive/read/archived-month.js';
export { readDictionary } from './archive/read/read-dictionary.js';
export { ArchiveWalk, type CheckedObject } from './archive/read/walk-archive.js';
export { canonicalLine } from './archive/records/canonical-line.js';
export { parseLine } from './archive/records/parse-line.js';
export { compareRoomIds, compareSlots, type SlotPosition } from './archive/records/slot-order.js';
export type {
  ArchiveStore,
  ArchiveUpload,
  ByteRange,
  ListedObject,
  UnfinishedUpload,
} from './archive/store/archive-store.js';
export { FileArchiveStore } from './archive/store/file-archive-store.js';
export { type ArchivePlace, openArchiveStore } from './archive/store/open-archive-store.js';
export type { S3Options } from './archive/store/s3-options.js';
export { buildDictionary } from './archive/write/build-dictionary.js';
export { ContentTally, type SegmentContent } from './archive/write/segment-content.js';
export { writeDictionary } from './archive/write/write-dictionary.js';
export { type SegmentOptions, segmentBytes, writeSegments } from './archive/write/write-segments.js';
export { ChatDatabase } from './database/chat-database.js';
export {
  collectionsByRoom,
  createCollectionsByRoom,
  roomShardKey,
  shardByRoomCommands,
} from './database/collection-sharding.js';
export { commandTimeout, durable, majority } from './database/command-options.js';
export {
  createCollections,
  createMonth,
  createMonthCollection,
  type MonthIndex,
  registerMonth,
  shardedMessageIndexes,
} from './database/create-collections.js';
export { isSharded } from './database/is-sharded.js';
export { clearRestoreMark, type RestoreMark, readRestoreMark, setRestoreMark } from './database/restore-mark.js';
export {
  announcementMs,
  announceService,
  type RunningService,
  readRunningServices,
  withdrawService,
} from './database/running-services.js';
export { readServerClock } from './database/server-clock.js';
export type { LeaseDocument } from './documents/lease-document.js';
export {
  hasClientMessageId,
  isMessage,
  type MarkDocument,
  type MessageDocument,
  messageIndexes,
  messageSchema,
  type SlotDocument,
} from './documents/message-document.js';
export {
  type MonthArchive,
  type MonthCounts,
  type MonthDigest,
  type MonthDocument,
  type MonthState,
  type MonthStep,
  type MonthWork,
  monthIndexes,
  monthSchema,
  type Tier,
} from './documents/month-document.js';
export { type ParticipantDocument, participantIndexes, participantSchema } from './documents/participant-document.js';
export {
  type RevocationDocument,
  revocationIndexes,
  revocationSchema,
  revocationTtlSeconds,
} from './documents/revocation-document.js';
export { type RoomDocument, roomIndexes, roomSchema, type SegmentDocument } from './documents/room-document.js';
export { type RoomEventDocument, roomEventIndexes, roomEventSchema } from './documents/room-event-document.js';
export {
  type ErasureDocument,
  firstAvailableId,
  type LegalHoldDocument,
  type RetentionCutDocument,
  type RoomPolicyDocument,
  type WithheldMessages,
} from './documents/room-policy.js';
export {
  claimMonth,
  holdsMonth,
  type MonthChange,
  type MonthClaim,
  releaseMonth,
  type StepNote,
  stepMonth,
} from './months/claim-month.js';
export {
  addMonths,
  endOfMonth,
  type MonthYear,
  messageCollectionName,
  monthOf,
  parseMonth,
  startOfMonth,
} from './months/month.js';
export {
  type KeyRange,
  monthShardKey,
  shardMonthCommand,
  wholeRange,
  zoneCommand,
  zoneRangeOf,
} from './months/month-sharding.js';
export { type MonthPlace, placeOfMonth, takesMessages } from './months/place-of-month.js';
export { endOfRetries, retryWindowMs } from './months/retry-window.js';
export {
  coolerOf,
  defaultTierPolicy,
  dueTier,
  type TierPolicy,
  tierOfAge,
  tiers,
  type Zone,
  zones,
} from './months/tier-policy.js';
export {
  changeRoom,
  noteRequest,
  type RoomDecision,
  type RoomVersion,
  type UnloggedEvent,
  type UnnumberedEvent,
} from './rooms/change-room.js';
export { beginEmptying, canBeHeld, type EmptyingRight, endEmptying, inTime } from './rooms/empty-rooms.js';
export { logRoomEvents, newestRoomEvent } from './rooms/log-room-events.js';
export { logEpochOf, type RaisedLogEpoch, type RaiseLogEpochOptions, raiseLogEpoch } from './rooms/raise-log-epoch.js';
export {
  heirOf,
  owned,
  type Roster,
  type RosterRole,
  type RosterRow,
  rolesOf,
  rosterOfRows,
  withEntered,
  withoutParticipant,
  withRole,
} from './rooms/roster.js';
export {
  type ClientName,
  erasedClientId,
  isErasedClientId,
  tombstoneOf,
  tombstoneUpdate,
} from './slots/erased-message.js';
export { type FirstSlotDocument, firstSlots, readFirstSlots } from './slots/first-slots.js';
export { type InsertOutcome, outcomesOfError, outcomesOfReply } from './slots/insert-outcome.js';
export { type InsertOptions, insertSlots } from './slots/insert-slots.js';
export { type LastSlotDocument, lastSlots, lastSlotsByRoom, readLastSlots } from './slots/last-slots.js';
export { type SegmentEnd, sealSlot } from './slots/seal-slot.js';
