import { z } from 'zod';
import { successOf } from './answer.js';
import { id, millis } from './fields.js';

/** Until when the connection lives. */
export const TokenExpiry = z.object({ expiresAt: z.iso.datetime() });

/** The token was exchanged. */
export const TokenExpiryResponse = successOf(TokenExpiry);

/** A token for development and its end. */
export const DevToken = z.object({ token: z.string(), expiresAt: millis });

/** A token for development. */
export const DevTokenResponse = successOf(DevToken);

/** Whose tokens were ended, and those issued until when. */
export const RevokedUser = z.object({ userId: id, revokedBefore: z.iso.datetime() });

/** Tokens were ended. */
export const RevokedUserResponse = successOf(RevokedUser);
