import type { z } from 'zod';
import { answerSchemas as answers } from './answer-schemas.js';
import { apiExamples as x } from './api-examples.js';
import { type JsonSchema, toJsonSchema, withoutProperty } from './json-schema.js';
import { type ClientEntry, clientCatalogue as events } from './socket-catalogue.js';

const userId: JsonSchema = { type: 'string', pattern: '^[A-Za-z0-9_.:-]{1,128}$' };

/** Every HTTP operation for the documents; those that a socket event has too take its schemas. */
export const httpCatalogue: readonly HttpEntry[] = [
  { ...like('createRoom', 'post', '/api/v1/rooms'), ...bodyOf(events.createRoom) },
  { ...like('listRooms', 'get', '/api/v1/rooms'), query: toJsonSchema(events.listRooms.payload) },
  { ...like('joinRoom', 'get', '/api/v1/rooms/{roomId}'), name: 'getRoom', summary: 'Shows a room.' },
  { ...like('updateRoom', 'patch', '/api/v1/rooms/{roomId}'), ...bodyOf(events.updateRoom) },
  {
    ...like('addParticipants', 'post', '/api/v1/rooms/{roomId}/participants'),
    body: {
      oneOf: [
        { type: 'object', properties: { userId }, required: ['userId'], additionalProperties: false },
        withoutProperty(toJsonSchema(events.addParticipants.payload), 'roomId'),
      ],
    },
    bodyExample: { userIds: ['ben'] },
  },
  like('removeParticipant', 'delete', '/api/v1/rooms/{roomId}/participants/{userId}'),
  { ...like('sendMessage', 'post', '/api/v1/rooms/{roomId}/messages'), ...bodyOf(events.sendMessage) },
  {
    ...like('getHistory', 'get', '/api/v1/rooms/{roomId}/messages'),
    query: withoutProperty(toJsonSchema(events.getHistory.payload), 'roomId'),
  },
  {
    name: 'revokeUser',
    method: 'post',
    path: '/api/v1/admin/users/{userId}/revoke',
    summary: 'Ends all tokens of a user issued before now; needs the scope admin.',
    data: answers.revokedUser,
    dataExample: { userId: 'ben', revokedBefore: x.time },
  },
  {
    name: 'createDevToken',
    method: 'post',
    path: '/api/v1/dev/token',
    summary: 'A token for anyone; exists only where DEV_TOKENS is set.',
    body: { type: 'object', properties: { userId }, required: ['userId'], additionalProperties: false },
    bodyExample: { userId: 'ann' },
    data: answers.devToken,
    dataExample: { token: 'eyJ...', expiresAt: x.at },
    isOpen: true,
  },
];

/** An HTTP operation as the documents show it. */
export interface HttpEntry {
  readonly name: string;
  readonly method: 'get' | 'post' | 'patch' | 'delete';
  /** With parameters in braces. */
  readonly path: string;
  readonly summary: string;
  readonly query?: JsonSchema;
  readonly body?: JsonSchema;
  readonly bodyExample?: unknown;
  readonly data: z.ZodType;
  readonly dataExample: unknown;
  /** Needs no token. */
  readonly isOpen?: true;
}

function like(name: keyof typeof events, method: HttpEntry['method'], path: string): HttpEntry {
  const { summary, data, dataExample } = events[name];
  return { name, method, path, summary, data, dataExample };
}

function bodyOf({ payload, payloadExample }: ClientEntry): Pick<HttpEntry, 'body' | 'bodyExample'> {
  const { roomId: _ofThePath, ...bodyExample } = payloadExample as Record<string, unknown>;
  return { body: withoutProperty(toJsonSchema(payload), 'roomId'), bodyExample };
}
