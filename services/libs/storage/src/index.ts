export { ArchiveFault } from './archive/archive-fault.js';
export { type BackupManifest, type BackupMonth, decodeBackup, encodeBackup } from './archive/backup/backup-manifest.js';
export {
  type DocumentsEntry,
  type DocumentsPlace,
  readDocuments,
  writeDocuments,
} from './archive/backup/documents-file.js';
export { type ArchiveKey, ArchiveKeys } from './archive/format/archive-keys.js';
export type { ArchiveManifest, DictionaryEntry, SegmentEntry } from './archive/format/manifest.js';
export { decodeManifest, encodeManifest } from './archive/format/manifest-codec.js';
export { ArchiveReader, type ArchiveReference } from './archive/read/archive-reader.js';
export { readDictionary } from './archive/read/read-dictionary.js';
export { ArchiveWalk } from './archive/read/walk-archive.js';
export { canonicalLine } from './archive/records/canonical-line.js';
export { parseLine } from './archive/records/parse-line.js';
export { compareRoomIds, compareSlots, type SlotPosition } from './archive/records/slot-order.js';
export type { ArchiveStore, UnfinishedUpload } from './archive/store/archive-store.js';
export { FileArchiveStore } from './archive/store/file-archive-store.js';
export { type ArchivePlace, openArchiveStore } from './archive/store/open-archive-store.js';
export { buildDictionary } from './archive/write/build-dictionary.js';
export { ContentTally, type SegmentContent } from './archive/write/segment-content.js';
export { writeDictionary } from './archive/write/write-dictionary.js';
export { writeSegments } from './archive/write/write-segments.js';
export { ChatDatabase } from './database/chat-database.js';
export { createCollectionsByRoom } from './database/collection-sharding.js';
export { commandTimeout, durable, majority } from './database/command-options.js';
export {
  createCollections,
  createMonth,
  createMonthCollection,
  registerMonth,
  shardedMessageIndexes,
} from './database/create-collections.js';
export { isSharded } from './database/is-sharded.js';
export { monthShardKey, shardMonthCommand, zoneCommand, zoneRangeOf } from './database/month-sharding.js';
export { clearRestoreMark, type RestoreMark, readRestoreMark, setRestoreMark } from './database/restore-mark.js';
export {
  announcementMs,
  announceService,
  type RunningService,
  readRunningServices,
  withdrawService,
} from './database/running-services.js';
export { readServerClock } from './database/server-clock.js';
export {
  type JobFinding,
  type JobName,
  type JobPolicy,
  type JobRunDocument,
  jobNames,
} from './documents/job-run-document.js';
export type { LeaseDocument } from './documents/lease-document.js';
export {
  hasClientMessageId,
  isMessage,
  type MarkDocument,
  type MessageDocument,
  messageIndexes,
  type SlotDocument,
} from './documents/message-document.js';
export {
  addMonths,
  endOfMonth,
  type MonthYear,
  messageCollectionName,
  monthOf,
  parseMonth,
  startOfMonth,
} from './documents/month.js';
export {
  type MonthArchive,
  type MonthCounts,
  type MonthDigest,
  type MonthDocument,
  type MonthState,
  type Tier,
} from './documents/month-document.js';
export { type ParticipantDocument, participantIndexes } from './documents/participant-document.js';
export { revocationTtlSeconds } from './documents/revocation-document.js';
export type { RoomDocument } from './documents/room-document.js';
export type { RoomEventDocument, UnloggedEvent, UnnumberedEvent } from './documents/room-event-document.js';
export { firstAvailableId, type RoomPolicyDocument } from './documents/room-policy.js';
export {
  claimMonth,
  holdsMonth,
  type MonthChange,
  type MonthClaim,
  releaseMonth,
  type StepNote,
  stepMonth,
} from './months/claim-month.js';
export { type NextStep, nextStepOf, type StepPolicy } from './months/next-step.js';
export { placeOfMonth, takesMessages } from './months/place-of-month.js';
export { endOfRetries, retryWindowMs } from './months/retry-window.js';
export { sealableFrom } from './months/seal-rest.js';
export { defaultTierPolicy, dueTier, type TierPolicy, type Zone, zones } from './months/tier-policy.js';
export {
  changeRoom,
  noteRequest,
  type RoomDecision,
} from './rooms/change-room.js';
export { beginEmptying, canBeHeld, endEmptying, inTime } from './rooms/empty-rooms.js';
export { logRoomEvents, newestRoomEvent } from './rooms/log-room-events.js';
export { logEpochOf, raiseLogEpoch } from './rooms/raise-log-epoch.js';
export {
  owned,
  type Roster,
  type RosterRole,
  rolesOf,
  rosterOfRows,
  withEntered,
  withoutParticipant,
  withRole,
} from './rooms/roster.js';
export { erasedClientId, tombstoneOf, tombstoneUpdate } from './slots/erased-message.js';
export { firstSlots, readFirstSlots } from './slots/first-slots.js';
export { type InsertOutcome } from './slots/insert-outcome.js';
export { insertSlots } from './slots/insert-slots.js';
export { type LastSlotDocument, lastSlots, readLastSlots } from './slots/last-slots.js';
export { type SegmentEnd, sealSlot } from './slots/seal-slot.js';
