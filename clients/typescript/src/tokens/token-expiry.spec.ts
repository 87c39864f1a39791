import { describe, expect, it } from 'vitest';
import { tokenExpiry } from './token-expiry.js';

describe('tokenExpiry', () => {
  it('reads the expiry of a JWT, whatever letters its base64url has', () => {
    const body = btoa(JSON.stringify({ sub: '???>>>', exp: 1_700_000_000 }))
      .replaceAll('+', '-')
      .replaceAll('/', '_')
      .replaceAll('=', '');
    expect(tokenExpiry(`e30.${body}.x`)).toBe(1_700_000_000_000);
  });

  it.each([
    '',
    'opaque',
    'a.b.c',
    `e30.${btoa('{}')}.x`,
    `e30.${btoa('{"exp":"1700000000"}')}.x`,
    `e30.${btoa('{"exp":1e999}')}.x`,
  ])('knows none for %j', (token) => {
    expect(tokenExpiry(token)).toBeUndefined();
  });
});
