import type { HistoryVisibility, JoinRule, Role, RoomMetadata } from './chat-room.js';

/** A change of a room that is not a message. They are counted by `rev`: 1, 2, 3, ... without gaps in each room. */
export type RoomEvent = RoomEventBase &
  (
    | { readonly kind: 'joined' | 'role'; readonly userId: string; readonly role: Role }
    | { readonly kind: 'left'; readonly userId: string }
    /** All messages of this user up to this id are erased. */
    | { readonly kind: 'erased'; readonly userId: string; readonly upToId: number }
    | {
        readonly kind: 'updated';
        readonly metadata: RoomMetadata;
        readonly joinRule: JoinRule;
        readonly historyVisibility: HistoryVisibility;
      }
  );

interface RoomEventBase {
  readonly rev: number;
  /** Who did it. */
  readonly by: string;
  /** Unix milliseconds. */
  readonly timestamp: number;
}

/** All kinds of room event. */
export const roomEventKinds = ['joined', 'left', 'role', 'updated', 'erased'] as const;
