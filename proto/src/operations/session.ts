import { z } from 'zod';
import { defineOperation } from './define-operation.js';
import { examples } from './entities/examples.js';
import { wellFormedText } from './entities/fields.js';
import { UserId } from './entities/ids.js';
import { DevTokenResponse, RevokedUserResponse, TokenExpiryResponse } from './entities/token.js';

/** Tokens, and what ends them. */
export const session = {
  refreshToken: defineOperation({
    summary: 'Exchanges the token of the connection.',
    payload: z.strictObject({ token: wellFormedText().min(1).max(16_384) }),
    answer: TokenExpiryResponse,
    errors: ['UNAUTHENTICATED', 'TOKEN_EXPIRED'],
    example: { payload: { token: 'eyJ...' }, data: { expiresAt: examples.time } },
    event: { limit: 'others' },
  }),

  revokeUser: defineOperation({
    summary: 'Ends all tokens of a user issued before now; needs the scope admin.',
    payload: z.strictObject({ userId: UserId }),
    answer: RevokedUserResponse,
    errors: ['PERMISSION_DENIED'],
    example: { payload: { userId: 'ben' }, data: { userId: 'ben', revokedBefore: examples.time } },
    http: {
      method: 'post',
      path: '/api/v1/admin/users/{userId}/revoke',
      tag: 'Administration',
      scope: 'admin',
    },
    call: { effect: 'write', repeatable: true },
  }),

  createDevToken: defineOperation({
    summary: 'A token for anyone; exists only where DEV_TOKENS is set.',
    payload: z.strictObject({ userId: UserId }),
    answer: DevTokenResponse,
    errors: [],
    example: { payload: { userId: 'ann' }, data: { token: 'eyJ...', expiresAt: examples.at } },
    http: { method: 'post', path: '/api/v1/dev/token', tag: 'Development', isOpen: true, isOptional: true },
  }),
} as const;
