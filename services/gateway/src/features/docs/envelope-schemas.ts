import { z } from 'zod';
import { answerSchemas } from './answer-schemas.js';
import { eventSchemas } from './event-schemas.js';

const hasMore = z.boolean().exactOptional().describe('More lies in the direction of paging');

/** The successful answers, of HTTP and of acks, by the names of the documents. */
export const envelopeSchemas = {
  RoomResponse: successOf(answerSchemas.Room),
  RoomPage: successOf(answerSchemas.Room.array()).extend({
    hasMore,
    cursor: z.string().exactOptional().describe('With hasMore: pass it back for the next page'),
  }),
  MessageResponse: successOf(answerSchemas.SentMessage),
  MessagePage: successOf(answerSchemas.Message.array()).extend({
    hasMore,
    truncated: z.literal(true).exactOptional().describe('The page was cut below by what you may see'),
    firstAvailableId: z.int().min(0).exactOptional(),
  }),
  RevokedUserResponse: successOf(answerSchemas.RevokedUser),
  DevTokenResponse: successOf(answerSchemas.DevToken),
  LeftRoomResponse: successOf(eventSchemas.LeftRoom),
  ReceiptResponse: successOf(eventSchemas.Receipt),
  EmptyResponse: successOf(eventSchemas.Empty),
  ResumedResponse: successOf(eventSchemas.Resumed),
  TokenExpiryResponse: successOf(eventSchemas.TokenExpiry),
} as const;

function successOf<Data extends z.ZodType>(data: Data) {
  return z.object({ success: z.literal(true), data, timestamp: z.iso.datetime() });
}
