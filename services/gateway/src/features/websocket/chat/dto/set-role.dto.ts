import { z } from 'zod';
import { roomIdDto, userIdDto } from './id.dto.js';

/** Payload of `setRole`. There is one owner, who is not made by this. */
export const setRoleDto = z.strictObject({
  roomId: roomIdDto,
  userId: userIdDto,
  role: z.enum(['admin', 'participant']),
});

/** A valid {@link setRoleDto}. */
export type SetRoleDto = z.output<typeof setRoleDto>;
