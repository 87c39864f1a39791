import { z } from 'zod';
import { roomIdDto } from './id.dto.js';

/** Payload of `messageDelivered` and `messageRead`: everything up to and including this message. */
export const receiptDto = z.strictObject({ roomId: roomIdDto, messageId: z.int().min(1) });

/** A valid {@link receiptDto}. */
export type ReceiptDto = z.output<typeof receiptDto>;
