import { z } from 'zod';
import type { UserId } from '../ids.js';
import { defineOperation, outside } from './define-operation.js';
import { examples } from './entities/examples.js';
import { pageLimit, wellFormedText } from './entities/fields.js';
import { RoomId, SystemSenderId, sentId } from './entities/ids.js';
import {
  FromDate,
  MessagePage,
  MessageResponse,
  refuseLongContent,
  SentMessageType,
  sentMetadata,
} from './entities/message.js';
import { ResumedResponse, ResumePayload } from './entities/resumed-room.js';

const messageId = z.int().min(0);

const systemMessage = {
  content: 'Ben joined the project',
  senderId: 'system:projects',
  clientMessageId: 'joined-ben',
};

/** The log of a room. */
export const messages = {
  sendMessage: defineOperation({
    summary: 'Sends a message.',
    /** Text needs content; images and files need attachments and may do without content. */
    payload: z
      .strictObject({
        roomId: RoomId,
        content: wellFormedText(),
        messageType: SentMessageType.default('text'),
        clientMessageId: sentId.optional(),
        metadata: sentMetadata.optional(),
      })
      .superRefine((message, context) => {
        const { content, messageType, metadata } = message;
        const attachments = metadata?.attachments ?? 0;
        refuseLongContent(message, context);
        if (content === '' && attachments === 0)
          context.addIssue({ code: 'custom', path: ['content'], message: 'is empty and there is no attachment' });
        if (messageType !== 'text' && attachments === 0)
          context.addIssue({
            code: 'custom',
            path: ['metadata', 'attachments'],
            message: `is needed for type ${messageType}`,
          });
      }),
    answer: MessageResponse,
    errors: ['MESSAGE_TOO_LARGE', ...outside, 'IDEMPOTENCY_CONFLICT'],
    example: {
      payload: { ...examples.tea, content: 'Hello', clientMessageId: 'c-1' },
      data: examples.sentMessage,
    },
    event: { limit: 'sends' },
    http: { method: 'post', path: '/api/v1/rooms/{roomId}/messages', tag: 'Messages' },
    call: { effect: 'write', repeatable: true, data: 'message' },
  }),

  getHistory: defineOperation({
    summary: 'Reads a page of messages, ascending.',
    /** At most one position; the newest page without any. */
    payload: z
      .strictObject({
        roomId: RoomId,
        limit: pageLimit,
        beforeId: messageId.optional(),
        afterId: messageId.optional(),
        fromDate: FromDate.optional(),
      })
      .refine(
        ({ beforeId, afterId, fromDate }) =>
          [beforeId, afterId, fromDate].filter((each) => each !== undefined).length <= 1,
        { message: 'beforeId, afterId and fromDate exclude each other' },
      ),
    answer: MessagePage,
    errors: outside,
    example: { payload: { ...examples.tea, limit: 50, beforeId: 2 }, data: [examples.message] },
    event: { limit: 'reads' },
    http: { method: 'get', path: '/api/v1/rooms/{roomId}/messages', tag: 'Messages' },
    call: { name: 'getMessageHistory', effect: 'read', repeatable: true, readsPages: true, data: 'messages' },
  }),

  sendSystemMessage: defineOperation({
    summary: 'Says something in a room in the name of the installation; needs the scope system.',
    payload: z
      .strictObject({
        roomId: RoomId,
        content: wellFormedText().min(1, 'is empty'),
        senderId: SystemSenderId.default('system' as UserId),
        clientMessageId: sentId.optional(),
        metadata: sentMetadata.optional(),
      })
      .superRefine(refuseLongContent),
    answer: MessageResponse,
    errors: ['PERMISSION_DENIED', 'ROOM_NOT_FOUND', 'IDEMPOTENCY_CONFLICT'],
    example: {
      payload: { ...examples.tea, ...systemMessage },
      data: { ...examples.sentMessage, ...systemMessage, messageId: 2, messageType: 'system' },
    },
    http: { method: 'post', path: '/api/v1/rooms/{roomId}/system-messages', tag: 'Messages', scope: 'system' },
    call: { effect: 'write', repeatable: true, needsNoCaller: true, data: 'message' },
  }),

  resume: defineOperation({
    summary: 'What was missed in each room.',
    /** Per room the last message id the client has, or that, the last room event and the epoch of both. */
    payload: ResumePayload,
    answer: ResumedResponse,
    errors: [],
    example: {
      payload: { rooms: { tea: 0, cake: { id: 3, rev: 1, epoch: examples.at } } },
      data: {
        rooms: {
          tea: {
            messages: [examples.message],
            events: [],
            ...examples.place,
            deliveredUpTo: 1,
            readUpTo: 1,
            hasMore: false,
          },
        },
      },
    },
    event: { limit: 'reads' },
    call: { effect: 'read', repeatable: true, readsPages: true, data: 'rooms' },
  }),
} as const;
