import type { z } from 'zod';
import type { ErrorReason } from '../errors/error-reason.js';
import type { CallName, CallTraits } from './call.js';

/** What a client can ask for, whole: all that gateway, chat service, SDK and documents know of it comes from here. */
export interface OperationDefinition {
  /** One sentence. */
  readonly summary: string;
  /** What a client sends, over HTTP together with path and query. */
  readonly payload: z.ZodType;
  /** A success, with its envelope. */
  readonly answer: z.ZodObject<{ readonly success: z.ZodLiteral<true>; readonly data: z.ZodType }>;
  /** Beside {@link commonErrors}. */
  readonly errors: readonly ErrorReason[];
  readonly example: { readonly payload: object; readonly data: unknown };
  /** There is a socket event of this name. */
  readonly event?: { readonly limit: EventClass };
  /** There is an HTTP route. */
  readonly http?: HttpRoute;
  /** The call of `chat.v1` that does it; absent where a gateway does it alone. */
  readonly call?: OperationCall;
}

/** Socket events that share a limit of their rate. */
export type EventClass = 'sends' | 'reads' | 'receipts' | 'changes' | 'typing' | 'others';

/** How an operation is asked for over HTTP. What its payload has beside the path comes from the query of a GET, else from the body. */
export interface HttpRoute {
  readonly method: 'get' | 'post' | 'patch' | 'delete';
  /** With the fields of the payload that it names in braces. */
  readonly path: `/api/v1/${string}`;
  readonly tag: keyof typeof httpTags;
  /** The token needs it. */
  readonly scope?: 'admin' | 'system';
  /** A body of this name may have `field` in place of a list `of` one. */
  readonly single?: { readonly body: string; readonly field: string; readonly of: string };
  /** Needs no token. */
  readonly isOpen?: true;
  /** A path that a gateway may not have: 404 with INVALID_MESSAGE. */
  readonly isOptional?: true;
}

/** What an operation is for the chat service. */
export interface OperationCall extends CallTraits {
  /** Where the operation has another name there. */
  readonly name?: CallName;
  /** Field of the response that has the data. Absent: what was asked is told again, as far as the data has it. */
  readonly data?: string;
}

/** The groups of HTTP operations, in the order of the documents. */
export const httpTags = {
  Rooms: 'Rooms and what they show of themselves.',
  Participants: 'Who is in a room.',
  Messages: 'The log of a room.',
  Administration: 'For tokens with the scope admin.',
  Development: 'Only where it is switched on; never in production.',
} as const;

/** What every socket event and HTTP request can be answered with. */
export const commonErrors = [
  'INVALID_MESSAGE',
  'RATE_LIMITED',
  'STORE_UNAVAILABLE',
  'DEADLINE_EXCEEDED',
  'SHUTTING_DOWN',
  'INTERNAL',
] as const satisfies readonly ErrorReason[];

/** Errors of what needs a participant of the room. */
export const outside = ['ROOM_NOT_FOUND', 'NOT_A_PARTICIPANT'] as const satisfies readonly ErrorReason[];

/** Errors of what not every participant may do. */
export const notAllowed = [...outside, 'PERMISSION_DENIED'] as const satisfies readonly ErrorReason[];

/** Declares an operation; its name is its key in the record of its noun. */
export function defineOperation<const Definition extends OperationDefinition>(definition: Definition): Definition {
  return definition;
}
