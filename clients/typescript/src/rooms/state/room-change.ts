import type { ChatMessage, ChatRoom, RoomEvent, RoomPosition, RoomUpdate } from '@parlance/proto';

/** Everything that can happen to a room as one client sees it. */
export type RoomChange =
  /** Messages in any order, from anywhere: live, pulled, or the ack of an own one. */
  | { readonly kind: 'messages'; readonly messages: readonly ChatMessage[] }
  /** The page that ends just below the first message shown. */
  | { readonly kind: 'older'; readonly messages: readonly ChatMessage[]; readonly hasMore: boolean }
  /** Somebody begins or ends to page back. */
  | { readonly kind: 'pagedBack'; readonly isPagedBack: boolean }
  /** What lies below `firstAvailableId` cannot be had any more. */
  | { readonly kind: 'truncated'; readonly firstAvailableId: number }
  /** The room stands at least here, if this is said of the log that is shown: of its epoch. */
  | ({ readonly kind: 'position' } & RoomPosition)
  /** The room as the server described it in full. */
  | { readonly kind: 'described'; readonly room: ChatRoom }
  /** Room events from the room's log, ascending, without gaps among them. */
  | { readonly kind: 'events'; readonly events: readonly RoomEvent[] }
  /** A live hint that `userCount` people came, some of them named; `rev` is the event of the last, the others lie below. */
  | { readonly kind: 'joined'; readonly userIds: readonly string[]; readonly userCount: number; readonly rev: number }
  /** A live hint that somebody went. */
  | { readonly kind: 'left'; readonly userId: string; readonly rev: number }
  | { readonly kind: 'updated'; readonly room: RoomUpdate }
  /** How far some have got. */
  | { readonly kind: 'marks'; readonly marks: readonly MarkOf[] }
  /** Somebody is typing until some time, or no longer. */
  | { readonly kind: 'typing'; readonly userId: string; readonly until: number | undefined }
  | { readonly kind: 'timePassed'; readonly now: number };

/** How far somebody has got. */
interface MarkOf {
  readonly userId: string;
  readonly delivered?: number;
  readonly read?: number;
  readonly readAt?: number;
}
