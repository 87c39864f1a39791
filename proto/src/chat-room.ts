/** `1v1` rooms are found by their pair of users and cannot be left. */
export type RoomType = (typeof roomTypes)[number];

/** All room types. */
export const roomTypes = ['1v1', 'group'] as const;

/** Who may join: those who are added, or anyone who knows the id. */
export type JoinRule = (typeof joinRules)[number];

/** All join rules, the default first. */
export const joinRules = ['invite', 'open'] as const;

/** What a newcomer sees: everything, or what follows the joining. */
export type HistoryVisibility = (typeof historyVisibilities)[number];

/** All visibilities, the default first. */
export const historyVisibilities = ['shared', 'joined'] as const;

/** What a participant may do; the table is in docs/protocol.md. */
export type Role = 'owner' | 'admin' | 'participant';

/** What a group shows of itself. */
export interface RoomMetadata {
  /** What people call it. */
  readonly name?: string;
  /** What it is about. */
  readonly description?: string;
  /** Address of a picture. */
  readonly avatar?: string;
}

/** The first field of a new room that a `1v1` cannot have, since nobody administers it; undefined when there is none. Pure. */
export function fieldOfGroupsOnly({
  metadata = {},
  joinRule,
  historyVisibility,
}: {
  readonly metadata?: RoomMetadata | undefined;
  readonly joinRule: string;
  readonly historyVisibility: string;
}): string | undefined {
  if (Object.values(metadata).some((text) => text !== '')) return 'metadata';
  if (joinRule !== joinRules[0]) return 'joinRule';
  return historyVisibility === historyVisibilities[0] ? undefined : 'historyVisibility';
}

/** One room as one of its participants sees it. */
export interface ChatRoom {
  /** Its name for the server; never changes. */
  readonly roomId: string;
  /** Of two users, or a group. */
  readonly roomType: RoomType;
  /** All of them where one room is answered; in lists at most 20, the caller and the other one of a 1v1 always. */
  readonly participants: readonly string[];
  /** All of them counted, also where `participants` has only some. */
  readonly participantCount: number;
  /** Unix milliseconds. */
  readonly createdAt: number;
  /** Unix milliseconds; the creation time while the room is empty. */
  readonly lastMessageAt: number;
  /** Empty for a `1v1`. */
  readonly metadata: RoomMetadata;
  /** Id of the newest message, 0 while the room is empty. */
  readonly head: number;
  /** Number of the newest room event, 0 where nothing happened. */
  readonly rev: number;
  /** Counts changes of membership. */
  readonly memberRev: number;
  /**
   * Of the room's log, Unix milliseconds: when the room was created or the log began anew behind a restored backup. What is
   * known of a room under another epoch is of a log that is no more.
   */
  readonly epoch: number;
  /** Who may join. */
  readonly joinRule: JoinRule;
  /** What a newcomer sees. */
  readonly historyVisibility: HistoryVisibility;
  /** The caller's own. */
  readonly role: Role;
  /** The caller's own: everything up to this message has arrived. */
  readonly deliveredUpTo: number;
  /** The caller's own: everything up to this message was read. */
  readonly readUpTo: number;
  /** Messages behind `readUpTo`: `head - readUpTo`. */
  readonly unreadCount: number;
}
