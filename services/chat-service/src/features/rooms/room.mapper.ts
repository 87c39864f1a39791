import {
  limits,
  type RoomHead,
  type RoomUpdate,
  type UserId,
  type WireRoom,
  type WireRoomEvent,
} from '@parlance/proto';
import type { LogEnd } from './log-end.js';
import type { Place } from './mongo-participant-store.js';
import type { StoredRoomEvent } from './mongo-room-event-store.js';
import type { RoomView } from './room-cache.js';
import type { StoredRoom } from './stored-room.js';

/**
 * A room as one of its participants sees it; `own` is the participant with watermarks as they are now. It names all
 * participants unless told whom.
 */
export function toWireRoom(
  { room, participants }: RoomView,
  end: Pick<LogEnd, 'head' | 'timestamp'>,
  own: Place | undefined,
  named: Iterable<UserId> = participants.keys(),
): WireRoom {
  return {
    roomId: room.roomId,
    roomType: room.roomType,
    participants: [...named],
    participantCount: participants.size,
    createdAt: room.createdAt,
    lastMessageAt: end.timestamp ?? room.createdAt,
    metadata: {
      name: room.metadata.name ?? '',
      description: room.metadata.description ?? '',
      avatar: room.metadata.avatar ?? '',
    },
    head: end.head,
    rev: room.rev,
    memberRev: room.memberRev,
    epoch: room.epoch,
    joinRule: room.joinRule,
    historyVisibility: room.historyVisibility,
    role: (own && participants.get(own.userId)?.role) ?? '',
    deliveredUpTo: markOf(own?.deliveredUpTo, room, end),
    readUpTo: markOf(own?.readUpTo, room, end),
    unreadCount: own ? end.head - markOf(own.readUpTo, room, end) : 0,
  };
}

/** A room of a list: it names its caller first, and some others. */
export function toListedRoom(view: RoomView, end: Pick<LogEnd, 'head' | 'timestamp'>, own: Place): WireRoom {
  const named = new Set([own.userId]);
  for (const userId of view.participants.keys()) {
    if (named.size === limits.listedParticipants) break;
    named.add(userId);
  }
  return toWireRoom(view, end, own, named);
}

/** Where a room stands, with the watermarks of one participant. */
export function toRoomHead(end: LogEnd, own?: Place): RoomHead {
  const { room, head } = end;
  return {
    roomId: room.roomId,
    head,
    rev: room.rev,
    memberRev: room.memberRev,
    epoch: room.epoch,
    deliveredUpTo: own ? markOf(own.deliveredUpTo, room, end) : 0,
    readUpTo: own ? markOf(own.readUpTo, room, end) : 0,
  };
}

/** A watermark as it counts: never beyond the end of the log, and what was taken away by age is no longer waiting. */
export function markOf(mark = 0, { floor }: Pick<StoredRoom, 'floor'>, { head }: Pick<LogEnd, 'head'>): number {
  return Math.min(Math.max(mark, floor - 1), head);
}

/** A room as all its participants see it, for `roomUpdated`. */
export function toRoomUpdate({ room, head, timestamp }: LogEnd): RoomUpdate {
  const { roomId, roomType, createdAt, metadata, rev, memberRev, epoch, joinRule, historyVisibility } = room;
  const lastMessageAt = timestamp ?? createdAt;
  const place = { head, rev, memberRev, epoch };
  return { roomId, roomType, createdAt, lastMessageAt, metadata, ...place, joinRule, historyVisibility };
}

/** A room event on gRPC. */
export function toWireEvent(event: StoredRoomEvent): WireRoomEvent {
  const { name = '', description = '', avatar = '' } = event.metadata ?? {};
  return {
    roomId: event.roomId,
    rev: event.rev,
    kind: event.kind,
    by: event.by,
    userId: event.userId ?? '',
    timestamp: event.at,
    role: event.role ?? '',
    metadata: event.kind === 'updated' ? { name, description, avatar } : undefined,
    joinRule: event.joinRule ?? '',
    historyVisibility: event.historyVisibility ?? '',
    upToId: event.upTo ?? 0,
  };
}
