/**
 * Keys in Redis, by the names of the original design. The braces are hash tags: all keys of one room lie on one node of
 * a cluster. All of them are caches and hints; losing any loses nothing (R1: Redis may lose everything).
 */
export const redisKeys = {
  /** Sorted set by message id of the newest messages as JSON, of one epoch of the room's log. */
  messages: (roomId: string, epoch: number): string => `chat:room:{${roomId}}:messages:${epoch}`,
  /** Newest message id; a hint for readers outside (ADR 0040): the log is the counter (R2: the log is the counter). */
  head: (roomId: string): string => `chat:room:{${roomId}}:msg_id`,
  /** Set of user ids; a hint for readers outside (ADR 0040). */
  participants: (roomId: string): string => `room:{${roomId}}:participants`,
  /** Set of room ids; a hint for readers outside (ADR 0040). */
  rooms: (userId: string): string => `user:{${userId}}:rooms`,
  /**
   * Hash of a user who is away: room id -> `<from> <to> <put at, Unix milliseconds>`, ids of messages that wait (R14:
   * pointers are for push).
   */
  offline: (userId: string): string => `offline:{${userId}}:messages`,
} as const;

/** Messages a room keeps in the cache. */
export const cachedMessages = 200;

/** Every cached key goes after a day without a write. */
export const cacheTtlSeconds = 24 * 60 * 60;

/** Pointers of a user who is away go seven days after the last one was put. */
export const offlineTtlSeconds = 7 * 24 * 60 * 60;

/** Rooms that a user who is away has pointers to; of more the one that was put longest ago goes. */
export const offlinePointersOfUser = 200;
