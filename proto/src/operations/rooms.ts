import { z } from 'zod';
import { limits } from '../limits.js';
import { fieldOfGroupsOnly, historyVisibilities, joinRules } from '../rooms/chat-room.js';
import { defineOperation, notAllowed, outside } from './define-operation.js';
import { EmptyResponse } from './entities/answer.js';
import { examples } from './entities/examples.js';
import { pageCursor, pageLimit } from './entities/fields.js';
import { RoomId, UserId } from './entities/ids.js';
import {
  HistoryVisibility,
  JoinRule,
  LeftRoomResponse,
  RoomMetadataInput,
  RoomPage,
  RoomResponse,
  RoomType,
} from './entities/room.js';
import { typeNames } from './entities/type-names.js';

/** Rooms and what they show of themselves. */
export const rooms = {
  createRoom: defineOperation({
    summary: 'Creates a room.',
    /** Who may be in a 1v1 is the chat service's rule, since it concerns the caller too. */
    payload: z
      .strictObject({
        roomType: RoomType.describe('Of two users, or a group'),
        participants: z
          .array(UserId)
          .max(limits.participants)
          .describe('User ids; whoever creates the room is in it, named or not'),
        metadata: RoomMetadataInput.optional().describe('Its name, what it is about, and a picture'),
        joinRule: JoinRule.default(joinRules[0]).describe('Default `invite`'),
        historyVisibility: HistoryVisibility.default(historyVisibilities[0]).describe('Default `shared`'),
      })
      .superRefine((room, context) => {
        const field = room.roomType === '1v1' ? fieldOfGroupsOnly(room) : undefined;
        if (field !== undefined) context.addIssue({ code: 'custom', path: [field], message: 'is for groups only' });
      })
      .describe('A room to create. What a `1v1` has is fixed: only a `group` has `metadata` and rules')
      .register(typeNames, { name: 'NewRoom' }),
    answer: RoomResponse,
    errors: ['ROOM_FULL'],
    example: { payload: { roomType: 'group', participants: ['ben'] }, data: examples.room },
    event: { limit: 'changes' },
    http: { method: 'post', path: '/api/v1/rooms', tag: 'Rooms' },
    call: { effect: 'write', repeatable: false, data: 'room' },
  }),

  listRooms: defineOperation({
    summary: 'Lists rooms by last activity.',
    payload: z.strictObject({ cursor: pageCursor, limit: pageLimit }),
    answer: RoomPage,
    errors: [],
    example: { payload: { limit: 50 }, data: [examples.room] },
    event: { limit: 'reads' },
    http: { method: 'get', path: '/api/v1/rooms', tag: 'Rooms' },
    call: { effect: 'read', repeatable: true, readsPages: true, data: 'rooms' },
  }),

  getRoom: defineOperation({
    summary: 'Shows a room.',
    payload: z.strictObject({ roomId: RoomId }),
    answer: RoomResponse,
    errors: outside,
    example: { payload: examples.tea, data: examples.room },
    http: { method: 'get', path: '/api/v1/rooms/{roomId}', tag: 'Rooms' },
    call: { effect: 'read', repeatable: true, data: 'room' },
  }),

  updateRoom: defineOperation({
    summary: 'Changes a room.',
    payload: z
      .strictObject({
        roomId: RoomId.describe('The group'),
        metadata: RoomMetadataInput.optional().describe(
          'Replaced as a whole: a field that it leaves out becomes empty',
        ),
        joinRule: JoinRule.optional().describe('Who may join from now on'),
        historyVisibility: HistoryVisibility.optional().describe('What those see who join from now on'),
      })
      .describe('What is to be changed of a group; what is absent stays')
      .register(typeNames, { name: 'RoomEdit' }),
    answer: RoomResponse,
    errors: notAllowed,
    example: { payload: { ...examples.tea, metadata: { name: 'Tea' } }, data: examples.room },
    event: { limit: 'changes' },
    http: { method: 'patch', path: '/api/v1/rooms/{roomId}', tag: 'Rooms' },
    call: { effect: 'write', repeatable: false, changesRoom: true, data: 'room' },
  }),

  joinRoom: defineOperation({
    summary: 'Becomes a participant of an open room.',
    payload: z.strictObject({ roomId: RoomId }),
    answer: RoomResponse,
    errors: ['ROOM_NOT_FOUND', 'ROOM_FULL'],
    example: { payload: examples.tea, data: examples.room },
    event: { limit: 'changes' },
    call: { effect: 'write', repeatable: true, changesRoom: true, data: 'room' },
  }),

  leaveRoom: defineOperation({
    summary: 'Gives up participation.',
    payload: z.strictObject({ roomId: RoomId }),
    answer: LeftRoomResponse,
    errors: notAllowed,
    example: { payload: examples.tea, data: examples.tea },
    event: { limit: 'changes' },
    call: { effect: 'write', repeatable: true, changesRoom: true },
  }),

  typing: defineOperation({
    summary: 'Has begun or stopped typing.',
    payload: z.strictObject({ roomId: RoomId, isTyping: z.boolean() }),
    answer: EmptyResponse,
    errors: outside,
    example: { payload: { ...examples.tea, isTyping: true }, data: {} },
    event: { limit: 'typing' },
    call: { name: 'setTyping', effect: 'read', repeatable: false },
  }),
} as const;
