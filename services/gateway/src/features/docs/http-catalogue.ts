import type { AckSuccess, ClientEventName, ErrorReason } from '@parlance/proto';
import type { z } from 'zod';
import { apiExamples as x } from './api-examples.js';
import { envelopeSchemas as answers } from './envelope-schemas.js';
import { payloadSchemas as payloads } from './payload-schemas.js';
import { type ClientEntry, clientCatalogue as events } from './socket-catalogue.js';

/** Every HTTP operation for the documents; those that a socket event has too take what it has. */
export const httpCatalogue: readonly HttpEntry[] = [
  { ...like('createRoom', 'post', '/api/v1/rooms', 'Rooms'), ...bodyOf('CreateRoomRequest', events.createRoom) },
  { ...like('listRooms', 'get', '/api/v1/rooms', 'Rooms'), query: payloads.ListRoomsPayload },
  {
    name: 'getRoom',
    method: 'get',
    path: '/api/v1/rooms/{roomId}',
    tag: 'Rooms',
    summary: 'Shows a room.',
    answer: answers.RoomResponse,
    dataExample: events.joinRoom.dataExample,
    errors: ['ROOM_NOT_FOUND', 'NOT_A_PARTICIPANT'],
  },
  {
    ...like('updateRoom', 'patch', '/api/v1/rooms/{roomId}', 'Rooms'),
    ...bodyOf('UpdateRoomRequest', events.updateRoom),
  },
  {
    ...like('addParticipants', 'post', '/api/v1/rooms/{roomId}/participants', 'Participants'),
    ...bodyOf('AddParticipantsRequest', events.addParticipants),
    bodies: {
      AddParticipantsRequest: payloads.AddParticipantsPayload,
      AddParticipantRequest: payloads.AddParticipantPayload,
    },
  },
  like('removeParticipant', 'delete', '/api/v1/rooms/{roomId}/participants/{userId}', 'Participants'),
  {
    ...like('sendMessage', 'post', '/api/v1/rooms/{roomId}/messages', 'Messages'),
    ...bodyOf('SendMessageRequest', events.sendMessage),
  },
  {
    ...like('getHistory', 'get', '/api/v1/rooms/{roomId}/messages', 'Messages'),
    query: payloads.GetHistoryPayload,
  },
  {
    name: 'sendSystemMessage',
    method: 'post',
    path: '/api/v1/rooms/{roomId}/system-messages',
    tag: 'Messages',
    summary: 'Says something in a room in the name of the installation; needs the scope system.',
    bodies: { SendSystemMessageRequest: payloads.SendSystemMessagePayload },
    bodyExample: { content: 'Ben joined the project', senderId: 'system:projects', clientMessageId: 'joined-ben' },
    answer: answers.MessageResponse,
    dataExample: { ...x.systemMessage, deduplicated: false, epoch: x.at },
    errors: ['PERMISSION_DENIED', 'ROOM_NOT_FOUND', 'IDEMPOTENCY_CONFLICT'],
  },
  {
    name: 'revokeUser',
    method: 'post',
    path: '/api/v1/admin/users/{userId}/revoke',
    tag: 'Administration',
    summary: 'Ends all tokens of a user issued before now; needs the scope admin.',
    answer: answers.RevokedUserResponse,
    dataExample: { userId: 'ben', revokedBefore: x.time },
    errors: ['PERMISSION_DENIED'],
  },
  {
    name: 'createDevToken',
    method: 'post',
    path: '/api/v1/dev/token',
    tag: 'Development',
    summary: 'A token for anyone; exists only where DEV_TOKENS is set.',
    bodies: { CreateDevTokenRequest: payloads.CreateDevTokenPayload },
    bodyExample: { userId: 'ann' },
    answer: answers.DevTokenResponse,
    dataExample: { token: 'eyJ...', expiresAt: x.at },
    errors: [],
    isOpen: true,
    isOptional: true,
  },
];

/** The groups of HTTP operations, in the order of the documents. */
export const httpTags = {
  Rooms: 'Rooms and what they show of themselves.',
  Participants: 'Who is in a room.',
  Messages: 'The log of a room.',
  Administration: 'For tokens with the scope admin.',
  Development: 'Only where it is switched on; never in production.',
} as const;

/** An HTTP operation as the documents show it. */
export interface HttpEntry {
  readonly name: string;
  readonly method: 'get' | 'post' | 'patch' | 'delete';
  /** With parameters in braces. */
  readonly path: string;
  /** The socket event that does the same. */
  readonly event?: ClientEventName;
  readonly tag: keyof typeof httpTags;
  readonly summary: string;
  /** The parameters of the query, and those of the path. */
  readonly query?: z.ZodType;
  /** What a body may be, by the names of the documents; parameters of the path are left out of it. */
  readonly bodies?: Readonly<Record<string, z.ZodType>>;
  readonly bodyExample?: unknown;
  /** Of a success, with its envelope. */
  readonly answer: z.ZodType<AckSuccess<unknown>>;
  readonly dataExample: unknown;
  /** Beside those that every request can be answered with. */
  readonly errors: readonly ErrorReason[];
  /** Needs no token. */
  readonly isOpen?: true;
  /** A path that a gateway may not have: 404 with INVALID_MESSAGE. */
  readonly isOptional?: true;
}

function like(name: ClientEventName, method: HttpEntry['method'], path: string, tag: HttpEntry['tag']): HttpEntry {
  const { summary, answer, dataExample, errors } = events[name];
  return { name, event: name, method, path, tag, summary, answer, dataExample, errors };
}

function bodyOf(name: string, { payload, payloadExample }: ClientEntry): Pick<HttpEntry, 'bodies' | 'bodyExample'> {
  const { roomId: _ofThePath, ...bodyExample } = payloadExample as Record<string, unknown>;
  return { bodies: { [name]: payload }, bodyExample };
}
