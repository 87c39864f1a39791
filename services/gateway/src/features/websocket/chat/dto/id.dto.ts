import { idPattern, isReservedId, isSystemSender, type RoomId, type UserId } from '@parlance/proto';
import { z } from 'zod';

const text = z.string().regex(idPattern, 'must be 1 to 128 letters, digits or any of _ . : -');

/** A room id as clients send it. */
export const roomIdDto = text.transform((id) => id as RoomId);

/** A user id as clients send it. */
export const userIdDto = text
  .refine((id) => !isReservedId(id), 'is reserved: no user has an id that begins with system or parlance')
  .transform((id) => id as UserId);

/** Who says a system message. */
export const systemSenderDto = text.refine(isSystemSender, 'must be "system", or "system:" and a name');

/** Any other id, such as a clientMessageId. */
export const idDto = text;
