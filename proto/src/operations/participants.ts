import { z } from 'zod';
import { limits } from '../limits.js';
import { defineOperation, notAllowed } from './define-operation.js';
import { examples } from './entities/examples.js';
import { RoomId, UserId } from './entities/ids.js';
import { AssignableRole, RoomResponse } from './entities/room.js';

/** Who is in a room. */
export const participants = {
  addParticipants: defineOperation({
    summary: 'Lets others in.',
    payload: z.strictObject({ roomId: RoomId, userIds: z.array(UserId).min(1).max(limits.participants) }),
    answer: RoomResponse,
    errors: [...notAllowed, 'ROOM_FULL'],
    example: { payload: { ...examples.tea, userIds: ['ben'] }, data: examples.room },
    event: { limit: 'changes' },
    http: {
      method: 'post',
      path: '/api/v1/rooms/{roomId}/participants',
      tag: 'Participants',
      single: { body: 'AddParticipantRequest', field: 'userId', of: 'userIds' },
    },
    call: { effect: 'write', repeatable: true, changesRoom: true, data: 'room' },
  }),

  removeParticipant: defineOperation({
    summary: 'Removes somebody.',
    payload: z.strictObject({ roomId: RoomId, userId: UserId }),
    answer: RoomResponse,
    errors: notAllowed,
    example: { payload: { ...examples.tea, userId: 'ben' }, data: examples.room },
    event: { limit: 'changes' },
    http: { method: 'delete', path: '/api/v1/rooms/{roomId}/participants/{userId}', tag: 'Participants' },
    call: { effect: 'write', repeatable: false, changesRoom: true, data: 'room' },
  }),

  setRole: defineOperation({
    summary: 'Makes somebody an admin or a participant.',
    payload: z.strictObject({ roomId: RoomId, userId: UserId, role: AssignableRole }),
    answer: RoomResponse,
    errors: notAllowed,
    example: { payload: { ...examples.tea, userId: 'ben', role: 'admin' }, data: examples.room },
    event: { limit: 'changes' },
    call: { effect: 'write', repeatable: true, changesRoom: true, data: 'room' },
  }),
} as const;
