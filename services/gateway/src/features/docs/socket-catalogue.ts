import type { ClientEventName, ClientRequests, ServerEventName, ServerEvents } from '@parlance/proto';
import type { z } from 'zod';
import { addParticipantsDto } from '../websocket/chat/dto/add-participants.dto.js';
import { createRoomDto } from '../websocket/chat/dto/create-room.dto.js';
import { getHistoryDto } from '../websocket/chat/dto/get-history.dto.js';
import { joinRoomDto } from '../websocket/chat/dto/join-room.dto.js';
import { leaveRoomDto } from '../websocket/chat/dto/leave-room.dto.js';
import { listRoomsDto } from '../websocket/chat/dto/list-rooms.dto.js';
import { receiptDto } from '../websocket/chat/dto/receipt.dto.js';
import { refreshTokenDto } from '../websocket/chat/dto/refresh-token.dto.js';
import { removeParticipantDto } from '../websocket/chat/dto/remove-participant.dto.js';
import { resumeDto } from '../websocket/chat/dto/resume.dto.js';
import { sendMessageDto } from '../websocket/chat/dto/send-message.dto.js';
import { setRoleDto } from '../websocket/chat/dto/set-role.dto.js';
import { typingDto } from '../websocket/chat/dto/typing.dto.js';
import { updateRoomDto } from '../websocket/chat/dto/update-room.dto.js';
import { answerSchemas as answers } from './answer-schemas.js';
import { apiExamples as x } from './api-examples.js';

const room = { ...x.roomUpdate, ...x.ownRoom };
const tea = { roomId: 'tea' };
const place = { head: 1, rev: 0, epoch: x.at };

/** Every client event for the documents: what it takes, what its ack carries, and an example of both. */
export const clientCatalogue: {
  readonly [Name in ClientEventName]: ClientEntry<ClientRequests[Name]['data']>;
} = {
  sendMessage: ask(
    'Sends a message.',
    sendMessageDto,
    { ...tea, content: 'Hello', clientMessageId: 'c-1' },
    answers.sentMessage,
    { ...x.message, deduplicated: false, epoch: x.at },
  ),
  getHistory: ask(
    'Reads a page of messages, ascending.',
    getHistoryDto,
    { ...tea, limit: 50, beforeId: 2 },
    answers.message.array(),
    [x.message],
  ),
  createRoom: ask('Creates a room.', createRoomDto, { roomType: 'group', participants: ['ben'] }, answers.room, room),
  joinRoom: ask('Becomes a participant of an open room.', joinRoomDto, tea, answers.room, room),
  leaveRoom: ask('Gives up participation.', leaveRoomDto, tea, answers.roomOnly, tea),
  listRooms: ask('Lists rooms by last activity.', listRoomsDto, { limit: 50 }, answers.room.array(), [room]),
  messageDelivered: ask('Everything up to a message has arrived.', receiptDto, x.receipt, answers.receipt, x.receipt),
  messageRead: ask('Everything up to a message is read.', receiptDto, x.receipt, answers.receipt, x.receipt),
  typing: ask('Has begun or stopped typing.', typingDto, { ...tea, isTyping: true }, answers.nothing, {}),
  updateRoom: ask('Changes a room.', updateRoomDto, { ...tea, metadata: { name: 'Tea' } }, answers.room, room),
  addParticipants: ask('Lets others in.', addParticipantsDto, { ...tea, userIds: ['ben'] }, answers.room, room),
  removeParticipant: ask('Removes somebody.', removeParticipantDto, { ...tea, userId: 'ben' }, answers.room, room),
  setRole: ask(
    'Makes somebody an admin or a participant.',
    setRoleDto,
    { ...tea, userId: 'ben', role: 'admin' },
    answers.room,
    room,
  ),
  resume: ask(
    'What was missed in each room.',
    resumeDto,
    { rooms: { tea: 0, cake: { id: 3, rev: 1, epoch: x.at } } },
    answers.resumed,
    {
      rooms: {
        tea: { messages: [x.message], events: [], ...place, deliveredUpTo: 1, readUpTo: 1, hasMore: false },
      },
    },
  ),
  refreshToken: ask('Exchanges the token of the connection.', refreshTokenDto, { token: 'eyJ...' }, answers.expiry, {
    expiresAt: x.time,
  }),
};

/** Every server event for the documents. */
export const serverCatalogue: {
  readonly [Name in ServerEventName]: ServerEntry<Parameters<ServerEvents[Name]>[0]>;
} = {
  ready: tell('First event of every connection.', answers.ready, {
    userId: 'ann',
    serverTime: x.at,
    protocolVersion: 1,
    rooms: [{ ...tea, ...place, readUpTo: 1, deliveredUpTo: 1 }],
    limits: { contentBytes: 16_384, metadataBytes: 8_192, eventBytes: 262_144, pageItems: 200 },
  }),
  newMessage: tell('A message of one of your rooms.', answers.message, x.message),
  messageStatusUpdate: tell('How far somebody has got.', answers.statusUpdate, {
    ...x.receipt,
    status: 'read',
    userId: 'ben',
    timestamp: x.at,
    readAt: x.at,
  }),
  typing: tell('Somebody is typing or has stopped.', answers.typing, { ...tea, userId: 'ben', isTyping: true }),
  roomUpdated: tell('A room has changed.', answers.roomUpdate, x.roomUpdate),
  reconnectIn: tell('This server is stopping; the connection ends after this time.', answers.reconnectIn, {
    delayMs: 1_500,
  }),
  roomJoined: tell('People joined.', answers.roomJoined, x.roomJoined),
  roomLeft: tell('Somebody left.', answers.roomLeft, x.roomLeft),
  heads: tell('Where rooms stand: pull what you lack.', answers.heads, { tea: place }),
  exception: tell(
    'An event without an ack was refused, or the connection is about to end.',
    answers.failure,
    x.failure,
  ),
};

/** A client event as the documents show it. */
export interface ClientEntry<Data = unknown> {
  readonly summary: string;
  readonly payload: z.ZodType;
  readonly payloadExample: unknown;
  readonly data: z.ZodType;
  readonly dataExample: Data;
}

/** A server event as the documents show it. */
export interface ServerEntry<Payload = unknown> {
  readonly summary: string;
  readonly payload: z.ZodType;
  readonly payloadExample: Payload;
}

function ask<Data>(
  summary: string,
  payload: z.ZodType,
  payloadExample: unknown,
  data: z.ZodType,
  dataExample: Data,
): ClientEntry<Data> {
  return { summary, payload, payloadExample, data, dataExample };
}

function tell<Payload>(summary: string, payload: z.ZodType, payloadExample: Payload): ServerEntry<Payload> {
  return { summary, payload, payloadExample };
}
