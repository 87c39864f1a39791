/**
 * Largest values the protocol accepts. Gateway and chat service both hold to them; above one is an error, never a
 * silent cut.
 */
export const limits = {
  /** UTF-8 bytes of `content`. */
  contentBytes: 16 * 1024,
  /** UTF-8 bytes of `metadata` as JSON. */
  metadataBytes: 8 * 1024,
  /** Bytes of one client event. */
  eventBytes: 64 * 1024,
  /** Messages of a history page. */
  pageItems: 200,
  /** Messages of a history page when the caller names no number. */
  defaultPageItems: 50,
  /** UTF-8 bytes of `content` and `metadata` in a page; a page ends early when it would pass them. */
  pageBytes: 256 * 1024,
  /** Participants of a room. */
  participants: 1_000,
  /** Bytes of `userIds` as JSON in one `roomJoined`; those beyond are only counted. */
  joinedBytes: 16 * 1024,
  /** Above this many participants a message names no readers, only their number, and nobody's typing is told. */
  namedReaders: 100,
  /** Rooms in `ready`, in one `resume`, and in one page of `listRooms`. */
  rooms: 200,
  /** Characters of content and metadata in one `resume`; rooms beyond come empty with `hasMore`. */
  resumeBytes: 1024 * 1024,
  /** Room events of one room in one `resume`. */
  resumeEvents: 500,
  /** Attachments of a message. */
  attachments: 10,
  /** Characters of a room's name. */
  roomNameLength: 200,
  /** Characters of a room's description and of its avatar's URL. */
  roomTextLength: 2_000,
} as const;
