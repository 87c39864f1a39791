import { limits, type UserId } from '@parlance/proto';
import { z } from 'zod';
import { idDto, roomIdDto, systemSenderDto } from './id.dto.js';
import { messageMetadataDto } from './message-metadata.dto.js';
import { textDto } from './text.dto.js';

/** What the installation itself says in a room. */
export const sendSystemMessageDto = z
  .strictObject({
    roomId: roomIdDto,
    content: textDto().min(1, 'is empty'),
    senderId: systemSenderDto.default('system' as UserId),
    clientMessageId: idDto.optional(),
    metadata: messageMetadataDto.optional(),
  })
  .superRefine(({ content }, context) => {
    if (Buffer.byteLength(content) <= limits.contentBytes) return;
    const message = `is over ${limits.contentBytes} bytes`;
    context.addIssue({ code: 'custom', path: ['content'], message, params: { tooLarge: true } });
  });

/** A valid {@link sendSystemMessageDto}. */
export type SendSystemMessageDto = z.output<typeof sendSystemMessageDto>;
