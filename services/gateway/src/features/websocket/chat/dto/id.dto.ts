import { idPattern, type RoomId, type UserId } from '@parlance/proto';
import { z } from 'zod';

const text = z.string().regex(idPattern, 'must be 1 to 128 letters, digits or any of _ . : -');

/** A room id as clients send it. */
export const roomIdDto = text.transform((id) => id as RoomId);

/** A user id as clients send it. */
export const userIdDto = text.transform((id) => id as UserId);

/** Any other id, such as a clientMessageId. */
export const idDto = text;
