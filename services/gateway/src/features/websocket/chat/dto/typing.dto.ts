import { z } from 'zod';
import { roomIdDto } from './id.dto.js';

/** Payload of `typing`. */
export const typingDto = z.strictObject({ roomId: roomIdDto, isTyping: z.boolean() });

/** A valid {@link typingDto}. */
export type TypingDto = z.output<typeof typingDto>;
