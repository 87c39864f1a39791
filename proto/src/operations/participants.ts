import { z } from 'zod';
import { limits } from '../limits.js';
import { defineOperation, notAllowed, outside } from './define-operation.js';
import { pageOf } from './entities/answer.js';
import { examples } from './entities/examples.js';
import { id, marks, millis, pageCursor, pageLimit } from './entities/fields.js';
import { RoomId, UserId } from './entities/ids.js';
import { AssignableRole, Role, RoomResponse } from './entities/room.js';
import { typeNames } from './entities/type-names.js';

/** A participant as all others in the room see them. */
export const Participant = z
  .object({
    userId: id.describe('Who'),
    role: Role.describe('What they may do in the room'),
    joinedAt: millis.describe('When their present stay began, Unix milliseconds'),
    ...marks,
  })
  .describe('A participant of a room, with the marks of how far they have got')
  .register(typeNames, { name: 'Participant' });

/** A page of the participants of a room, by user id. */
export const ParticipantPage = pageOf(Participant);

/** Who is in a room. */
export const participants = {
  listParticipants: defineOperation({
    summary: 'Lists who is in a room, with roles and marks.',
    payload: z.strictObject({ roomId: RoomId, cursor: pageCursor, limit: pageLimit }),
    answer: ParticipantPage,
    errors: outside,
    example: {
      payload: { ...examples.tea, limit: 50 },
      data: [{ userId: 'ben', role: 'participant', joinedAt: examples.at, deliveredUpTo: 1, readUpTo: 1 }],
    },
    event: { limit: 'reads' },
    http: { method: 'get', path: '/api/v1/rooms/{roomId}/participants', tag: 'Participants' },
    call: { name: 'listRoomParticipants', effect: 'read', repeatable: true, data: 'participants' },
  }),

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
