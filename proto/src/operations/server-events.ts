import { z } from 'zod';
import { examples } from './entities/examples.js';
import { Failure } from './entities/failure.js';
import { count, id, marks, millis, numberOfMessage, position } from './entities/fields.js';
import { Message } from './entities/message.js';
import { ParticipantReceipt, ReceiptStatus } from './entities/receipt.js';
import { RoomPosition, RoomUpdate } from './entities/room.js';
import { typeNames } from './entities/type-names.js';

/** Where a room stands, as `ready` tells it. */
export const ReadyRoom = z
  .object({ roomId: id, ...position, ...marks })
  .describe('Where a room stands, as `ready` tells it')
  .register(typeNames, { name: 'ReadyRoom' });

/** The limits that clients have to know. */
export const ReadyLimits = z.object({
  contentBytes: count,
  metadataBytes: count,
  eventBytes: count,
  pageItems: count,
});

/** First event of every connection. */
export const Ready = z
  .object({
    userId: id,
    serverTime: millis,
    protocolVersion: z.int(),
    rooms: z.array(ReadyRoom).describe('The 200 most recent rooms; `listRooms` has the others'),
    limits: ReadyLimits,
  })
  .describe('First event of every connection: from here on live events follow the heads it names')
  .register(typeNames, { name: 'Ready' });

/** How far somebody has got. */
export const MessageStatusUpdate = z
  .object({
    roomId: id,
    messageId: numberOfMessage,
    status: ReceiptStatus,
    userId: id,
    timestamp: millis,
    readAt: millis.exactOptional().describe('Unix milliseconds; with `read` only'),
    others: z
      .array(ParticipantReceipt)
      .exactOptional()
      .describe(
        'Further marks of the room that rose with it; `timestamp` is theirs too, and `readAt` of those that are read',
      ),
  })
  .describe('How far a participant has got: everything up to `messageId` has this status for them')
  .register(typeNames, { name: 'MessageStatusUpdate' });

/** Somebody is typing or has stopped. */
export const Typing = z
  .object({
    roomId: id.describe('Where'),
    userId: id.describe('Who'),
    isTyping: z.boolean().describe('False: no longer'),
  })
  .describe('Somebody has begun or stopped typing. Forget it 12 s after the last one')
  .register(typeNames, { name: 'Typing' });

/** This server is stopping. */
export const ReconnectIn = z
  .object({ delayMs: count })
  .describe('This server is stopping: come back after this time, to another one');

/** People joined. */
export const RoomJoined = z
  .object({
    roomId: id,
    userIds: z.array(id).min(1).describe('At least one; when `userCount` is more, not all of them'),
    userCount: z.int().min(1).describe('How many came in'),
    rev: count.describe(
      'The room event of the last of them; those of the others lie directly below it. 0 when the room was created',
    ),
    timestamp: millis,
  })
  .describe('People became participants, all of them by one change')
  .register(typeNames, { name: 'RoomJoined' });

/** Somebody left. */
export const RoomLeft = z
  .object({ roomId: id, userId: id, rev: count, timestamp: millis })
  .describe('Somebody is a participant no longer')
  .register(typeNames, { name: 'RoomLeft' });

/** Where rooms stand. */
export const Heads = z.record(id, RoomPosition);

/** Every server event: what it tells and an example of it. */
export const serverEvents = {
  ready: tell('First event of every connection.', Ready, {
    userId: 'ann',
    serverTime: examples.at,
    protocolVersion: 1,
    rooms: [{ ...examples.tea, ...examples.place, readUpTo: 1, deliveredUpTo: 1 }],
    limits: { contentBytes: 16_384, metadataBytes: 8_192, eventBytes: 262_144, pageItems: 200 },
  }),
  newMessage: tell('A message of one of your rooms.', Message, examples.message),
  messageStatusUpdate: tell('How far somebody has got.', MessageStatusUpdate, {
    ...examples.receipt,
    status: 'read',
    userId: 'ben',
    timestamp: examples.at,
    readAt: examples.at,
    others: [{ userId: 'cy', status: 'delivered', messageId: examples.receipt.messageId }],
  }),
  typing: tell('Somebody is typing or has stopped.', Typing, { ...examples.tea, userId: 'ben', isTyping: true }),
  roomUpdated: tell('A room has changed.', RoomUpdate, examples.roomUpdate),
  reconnectIn: tell('This server is stopping; the connection ends after this time.', ReconnectIn, { delayMs: 1_500 }),
  roomJoined: tell('People joined.', RoomJoined, {
    ...examples.tea,
    userIds: ['ben', 'cy'],
    userCount: 2,
    rev: 2,
    timestamp: examples.at,
  }),
  roomLeft: tell('Somebody left.', RoomLeft, { ...examples.tea, userId: 'ben', rev: 3, timestamp: examples.at }),
  heads: tell('Where rooms stand: pull what you lack.', Heads, { tea: examples.place }),
  exception: tell('An event without an ack was refused, or the connection is about to end.', Failure, examples.failure),
} as const;

function tell<Payload extends z.ZodType, Example>(summary: string, payload: Payload, example: Example) {
  return { summary, payload, example };
}
