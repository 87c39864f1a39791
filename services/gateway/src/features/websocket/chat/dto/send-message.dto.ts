import { limits } from '@parlance/proto';
import { z } from 'zod';
import { sentMessageTypeDto } from './enum.dto.js';
import { idDto, roomIdDto } from './id.dto.js';
import { messageMetadataDto } from './message-metadata.dto.js';
import { textDto } from './text.dto.js';

/** Payload of `sendMessage`. Text needs content; images and files need attachments and may do without content. */
export const sendMessageDto = z
  .strictObject({
    roomId: roomIdDto,
    content: textDto(),
    messageType: sentMessageTypeDto.default('text'),
    clientMessageId: idDto.optional(),
    metadata: messageMetadataDto.optional(),
  })
  .superRefine(({ content, messageType, metadata }, context) => {
    const attachments = metadata?.attachments ?? 0;
    if (Buffer.byteLength(content) > limits.contentBytes) {
      const message = `is over ${limits.contentBytes} bytes`;
      context.addIssue({ code: 'custom', path: ['content'], message, params: { tooLarge: true } });
    }
    if (content === '' && attachments === 0) {
      context.addIssue({ code: 'custom', path: ['content'], message: 'is empty and there is no attachment' });
    }
    if (messageType !== 'text' && attachments === 0) {
      context.addIssue({
        code: 'custom',
        path: ['metadata', 'attachments'],
        message: `is needed for type ${messageType}`,
      });
    }
  });

/** A valid {@link sendMessageDto}. */
export type SendMessageDto = z.output<typeof sendMessageDto>;
