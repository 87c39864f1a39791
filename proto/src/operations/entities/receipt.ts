import { z } from 'zod';
import { successOf } from './answer.js';
import { id, numberOfMessage } from './fields.js';
import { RoomId } from './ids.js';
import { typeNames } from './type-names.js';

/** How far a participant has got. */
export const ReceiptStatus = z.enum(['delivered', 'read']);

/** Everything up to and including this message. */
export const Receipt = z
  .object({ roomId: id, messageId: numberOfMessage })
  .describe('"Everything up to and including this message."')
  .register(typeNames, { name: 'Receipt' });

/** The receipt that was taken. */
export const ReceiptResponse = successOf(Receipt);

/** A receipt as clients send it. */
export const ReceiptPayload = z
  .strictObject({ roomId: RoomId, messageId: z.int().min(1) })
  .register(typeNames, { name: 'Receipt', isDeclaredElsewhere: true });
