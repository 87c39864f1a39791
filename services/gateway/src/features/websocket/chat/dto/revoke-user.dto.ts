import { z } from 'zod';
import { userIdDto } from './id.dto.js';

/** Payload of the revocation of all tokens of a user. */
export const revokeUserDto = z.strictObject({ userId: userIdDto });

/** A valid {@link revokeUserDto}. */
export type RevokeUserDto = z.output<typeof revokeUserDto>;
