import { z } from 'zod';

/** Payload of `refreshToken`. */
export const refreshTokenDto = z.strictObject({ token: z.string().min(1).max(16_384) });

/** A valid {@link refreshTokenDto}. */
export type RefreshTokenDto = z.output<typeof refreshTokenDto>;
