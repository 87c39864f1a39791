/**
 * Largest values the protocol accepts. Gateway and chat service both hold to them; above one is an error, never a
 * silent cut.
 */
export const limits = {
  /** UTF-8 bytes of `content`. */
  contentBytes: 16 * 1024,
  /** UTF-8 bytes of `metadata` as JSON. */
  metadataBytes: 8 * 1024,
  /** Levels of objects and lists in `metadata`. */
  metadataDepth: 32,
  /**
   * Bytes of one client event or one HTTP body. Whatever the other limits allow fits, also when every character that JSON
   * can escape is escaped as JSON.stringify does it.
   */
  eventBytes: 256 * 1024,
  /** Bytes of an event that a gateway still reads, to refuse it; above them it closes the connection. */
  transportBytes: 1024 * 1024,
  /**
   * Bytes of one answer or server event as it leaves a gateway: JSON with its envelope. Pages end early by it; the limits
   * of their parts keep all others below it.
   */
  answerBytes: 256 * 1024,
  /** Bytes of a frame between gateway and chat service; only a single call or result may be larger. */
  frameBytes: 1024 * 1024,
  /** Calls or results of a frame. */
  frameItems: 64,
  /** Messages of a history page. */
  pageItems: 200,
  /** Messages of a history page when the caller names no number. */
  defaultPageItems: 50,
  /** Participants of a room. */
  participants: 1_000,
  /** Participants that a room of a list names; all of them are named where one room is answered. */
  listedParticipants: 20,
  /** Bytes of `userIds` as JSON in one `roomJoined`; those beyond are only counted. */
  joinedBytes: 16 * 1024,
  /** Above this many participants a message names no readers, only their number, and nobody's typing is told. */
  namedReaders: 100,
  /** Rooms in `ready`, in one `resume`, and in one page of `listRooms`. */
  rooms: 200,
  /** Room events of one room in one `resume`. */
  resumeEvents: 500,
  /** Attachments of a message. */
  attachments: 10,
  /** Characters of a room's name. */
  roomNameLength: 200,
  /** Characters of a room's description and of its avatar's URL. */
  roomTextLength: 2_000,
} as const;
