import { z } from 'zod';
import { successOf } from './answer.js';
import { id, numberOfMessage } from './fields.js';
import { RoomId } from './ids.js';
import { typeNames } from './type-names.js';

/** How far a participant has got. */
export const ReceiptStatus = z.enum(['delivered', 'read']);

/** How far one participant has got. */
export const ParticipantReceipt = z
  .object({ userId: id, status: ReceiptStatus, messageId: numberOfMessage })
  .describe('How far a participant has got: everything up to `messageId` has this status for them')
  .register(typeNames, { name: 'ParticipantReceipt' });

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
