import { z } from 'zod';
import { textDto } from './text.dto.js';

/** Payload of `refreshToken`. */
export const refreshTokenDto = z.strictObject({ token: textDto().min(1).max(16_384) });

/** A valid {@link refreshTokenDto}. */
export type RefreshTokenDto = z.output<typeof refreshTokenDto>;
