import { randomUUID } from 'node:crypto';
import type { RoomId } from '@parlance/proto';
import { CurrentRooms } from '../features/membership/current-rooms.js';
import { MembershipService } from '../features/membership/membership.service.js';
import { NewRooms } from '../features/membership/new-rooms.js';
import { ParticipantRows } from '../features/membership/participant-rows.js';
import { RoomAdminService } from '../features/membership/room-admin.service.js';
import { RoomChangeWriter } from '../features/membership/room-change-writer.js';
import { RoomChanges } from '../features/membership/room-changes.js';
import { RoomCreationService } from '../features/membership/room-creation.service.js';
import type { RoomCache } from '../features/rooms/room-cache.js';
import type { Announcers } from './assemble-announcers.js';
import type { Stores } from './assemble-stores.js';
import type { ChatServiceParts } from './chat-service-parts.js';

/** Puts together what creates and changes rooms. */
export function assembleMembership(
  { months, now }: ChatServiceParts,
  { rooms, participants, roomEvents, reader }: Stores,
  { publisher }: Announcers,
  roomCache: RoomCache,
) {
  const current = new CurrentRooms(roomCache, reader);
  const rows = new ParticipantRows(participants, reader, now);
  const changes = new RoomChanges(new RoomChangeWriter(rooms, roomEvents, rows, now), current, publisher);
  const newRooms = new NewRooms(rooms, participants, months, now);
  return {
    creation: new RoomCreationService(newRooms, current, publisher, () => randomUUID() as RoomId),
    membership: new MembershipService(roomCache, current, changes),
    admin: new RoomAdminService(roomCache, changes),
  };
}
