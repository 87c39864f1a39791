import { z } from 'zod';
import {
  idPattern,
  isReservedId,
  isSystemSender,
  type RoomId as RoomIdType,
  type UserId as UserIdType,
} from '../../ids.js';

const text = z.string().regex(idPattern, 'must be 1 to 128 letters, digits or any of _ . : -');

/** A room id as clients send it. */
export const RoomId = text.transform((id) => id as RoomIdType);

/** A user id as clients send it. */
export const UserId = text
  .refine((id) => !isReservedId(id), 'is reserved: no user has an id that begins with system or parlance')
  .transform((id) => id as UserIdType);

/** Who says a system message. */
export const SystemSenderId = text.refine(isSystemSender, 'must be "system", or "system:" and a name');

/** Any other id that clients send, such as a clientMessageId. */
export const sentId = text;
