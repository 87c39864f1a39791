import { describe, expect, it } from 'vitest';
import { tokenFault } from './token-life.js';

describe('tokenFault', () => {
  const token = { issuedAt: 1_000, expiresAt: 5_000 };

  it('finds nothing while the token holds', () => {
    expect(tokenFault(token, undefined, 4_999)).toBeUndefined();
    expect(tokenFault(token, 999, 4_999)).toBeUndefined();
  });

  it('tells a token that has run out', () => expect(tokenFault(token, undefined, 5_000)?.reason).toBe('TOKEN_EXPIRED'));

  it('refuses a token issued at the revocation or before', () => {
    expect(tokenFault(token, 1_000, 2_000)).toMatchObject({
      reason: 'UNAUTHENTICATED',
      message: 'The token was revoked; get a new one.',
    });
    expect(tokenFault({ ...token, issuedAt: 0 }, 1, 2_000)?.reason).toBe('UNAUTHENTICATED');
  });
});
