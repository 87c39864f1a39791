import type {
  AckSuccess,
  ClientEventName,
  ClientRequests,
  ErrorReason,
  ServerEventName,
  ServerEvents,
} from '@parlance/proto';
import type { z } from 'zod';
import { answerSchemas } from './answer-schemas.js';
import { apiExamples as x } from './api-examples.js';
import { envelopeSchemas as answers } from './envelope-schemas.js';
import { eventSchemas } from './event-schemas.js';
import { payloadSchemas as payloads } from './payload-schemas.js';

const room = { ...x.roomUpdate, ...x.ownRoom };
const tea = { roomId: 'tea' };
const place = { head: 1, rev: 0, epoch: x.at };
const outside = ['ROOM_NOT_FOUND', 'NOT_A_PARTICIPANT'] as const;
const notAllowed = [...outside, 'PERMISSION_DENIED'] as const;

/** What every client event can be answered with. */
export const commonErrors = [
  'INVALID_MESSAGE',
  'RATE_LIMITED',
  'STORE_UNAVAILABLE',
  'DEADLINE_EXCEEDED',
  'SHUTTING_DOWN',
  'INTERNAL',
] as const satisfies readonly ErrorReason[];

/** Every client event for the documents: what it takes, what its ack carries, and an example of both. */
export const clientCatalogue: {
  readonly [Name in ClientEventName]: ClientEntry<ClientRequests[Name]['data']>;
} = {
  sendMessage: ask(
    'Sends a message.',
    payloads.SendMessagePayload,
    { ...tea, content: 'Hello', clientMessageId: 'c-1' },
    answers.MessageResponse,
    { ...x.message, deduplicated: false, epoch: x.at },
    ['MESSAGE_TOO_LARGE', ...outside, 'IDEMPOTENCY_CONFLICT'],
  ),
  getHistory: ask(
    'Reads a page of messages, ascending.',
    payloads.GetHistoryPayload,
    { ...tea, limit: 50, beforeId: 2 },
    answers.MessagePage,
    [x.message],
    outside,
  ),
  createRoom: ask(
    'Creates a room.',
    payloads.CreateRoomPayload,
    { roomType: 'group', participants: ['ben'] },
    answers.RoomResponse,
    room,
    ['ROOM_FULL'],
  ),
  joinRoom: ask('Becomes a participant of an open room.', payloads.JoinRoomPayload, tea, answers.RoomResponse, room, [
    'ROOM_NOT_FOUND',
    'ROOM_FULL',
  ]),
  leaveRoom: ask('Gives up participation.', payloads.LeaveRoomPayload, tea, answers.LeftRoomResponse, tea, notAllowed),
  listRooms: ask(
    'Lists rooms by last activity.',
    payloads.ListRoomsPayload,
    { limit: 50 },
    answers.RoomPage,
    [room],
    [],
  ),
  messageDelivered: ask(
    'Everything up to a message has arrived.',
    payloads.ReceiptPayload,
    x.receipt,
    answers.ReceiptResponse,
    x.receipt,
    outside,
  ),
  messageRead: ask(
    'Everything up to a message is read.',
    payloads.ReceiptPayload,
    x.receipt,
    answers.ReceiptResponse,
    x.receipt,
    outside,
  ),
  typing: ask(
    'Has begun or stopped typing.',
    payloads.TypingPayload,
    { ...tea, isTyping: true },
    answers.EmptyResponse,
    {},
    outside,
  ),
  updateRoom: ask(
    'Changes a room.',
    payloads.UpdateRoomPayload,
    { ...tea, metadata: { name: 'Tea' } },
    answers.RoomResponse,
    room,
    notAllowed,
  ),
  addParticipants: ask(
    'Lets others in.',
    payloads.AddParticipantsPayload,
    { ...tea, userIds: ['ben'] },
    answers.RoomResponse,
    room,
    [...notAllowed, 'ROOM_FULL'],
  ),
  removeParticipant: ask(
    'Removes somebody.',
    payloads.RemoveParticipantPayload,
    { ...tea, userId: 'ben' },
    answers.RoomResponse,
    room,
    notAllowed,
  ),
  setRole: ask(
    'Makes somebody an admin or a participant.',
    payloads.SetRolePayload,
    { ...tea, userId: 'ben', role: 'admin' },
    answers.RoomResponse,
    room,
    notAllowed,
  ),
  resume: ask(
    'What was missed in each room.',
    payloads.ResumePayload,
    { rooms: { tea: 0, cake: { id: 3, rev: 1, epoch: x.at } } },
    answers.ResumedResponse,
    {
      rooms: {
        tea: { messages: [x.message], events: [], ...place, deliveredUpTo: 1, readUpTo: 1, hasMore: false },
      },
    },
    [],
  ),
  refreshToken: ask(
    'Exchanges the token of the connection.',
    payloads.RefreshTokenPayload,
    { token: 'eyJ...' },
    answers.TokenExpiryResponse,
    { expiresAt: x.time },
    ['UNAUTHENTICATED', 'TOKEN_EXPIRED'],
  ),
};

/** Every server event for the documents. */
export const serverCatalogue: {
  readonly [Name in ServerEventName]: ServerEntry<Parameters<ServerEvents[Name]>[0]>;
} = {
  ready: tell('First event of every connection.', eventSchemas.Ready, {
    userId: 'ann',
    serverTime: x.at,
    protocolVersion: 1,
    rooms: [{ ...tea, ...place, readUpTo: 1, deliveredUpTo: 1 }],
    limits: { contentBytes: 16_384, metadataBytes: 8_192, eventBytes: 262_144, pageItems: 200 },
  }),
  newMessage: tell('A message of one of your rooms.', answerSchemas.Message, x.message),
  messageStatusUpdate: tell('How far somebody has got.', eventSchemas.MessageStatusUpdate, {
    ...x.receipt,
    status: 'read',
    userId: 'ben',
    timestamp: x.at,
    readAt: x.at,
  }),
  typing: tell('Somebody is typing or has stopped.', eventSchemas.Typing, { ...tea, userId: 'ben', isTyping: true }),
  roomUpdated: tell('A room has changed.', answerSchemas.RoomUpdate, x.roomUpdate),
  reconnectIn: tell('This server is stopping; the connection ends after this time.', eventSchemas.ReconnectIn, {
    delayMs: 1_500,
  }),
  roomJoined: tell('People joined.', eventSchemas.RoomJoined, x.roomJoined),
  roomLeft: tell('Somebody left.', eventSchemas.RoomLeft, x.roomLeft),
  heads: tell('Where rooms stand: pull what you lack.', eventSchemas.Heads, { tea: place }),
  exception: tell(
    'An event without an ack was refused, or the connection is about to end.',
    answerSchemas.Failure,
    x.failure,
  ),
};

/** A client event as the documents show it. */
export interface ClientEntry<Data = unknown> {
  readonly summary: string;
  readonly payload: z.ZodType;
  readonly payloadExample: unknown;
  /** Of a success, with its envelope. */
  readonly answer: z.ZodType<AckSuccess<Data>>;
  readonly dataExample: Data;
  /** Beside {@link commonErrors}. */
  readonly errors: readonly ErrorReason[];
}

/** A server event as the documents show it. */
export interface ServerEntry<Payload = unknown> {
  readonly summary: string;
  readonly payload: z.ZodType<Payload>;
  readonly payloadExample: Payload;
}

function ask<Answer, Data>(
  summary: string,
  payload: z.ZodType,
  payloadExample: unknown,
  answer: z.ZodType<Answer>,
  dataExample: Data,
  errors: readonly ErrorReason[],
) {
  return { summary, payload, payloadExample, answer, dataExample, errors };
}

function tell<Payload, Example>(summary: string, payload: z.ZodType<Payload>, payloadExample: Example) {
  return { summary, payload, payloadExample };
}
