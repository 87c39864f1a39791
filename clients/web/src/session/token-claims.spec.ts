import { expect, it } from 'vitest';
import { tokenClaims } from './token-claims.js';

function tokenOf(claims: unknown): string {
  const bytes = new TextEncoder().encode(JSON.stringify(claims));
  return `h.${btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')}.signature`;
}

it('reads user and scopes, also in letters beyond ASCII', () => {
  expect(tokenClaims(tokenOf({ sub: 'zoë-1', scope: 'read  admin' }))).toEqual({
    userId: 'zoë-1',
    scopes: ['read', 'admin'],
  });
  expect(tokenClaims(tokenOf({ sub: 'ann' }))).toEqual({ userId: 'ann', scopes: [] });
});

it.each(['', 'abc', 'a.b.c', tokenOf({ scope: 'admin' }), tokenOf(null), tokenOf({ sub: '' })])(
  'says of %j that it is no token of a user',
  (text) => {
    expect(() => tokenClaims(text)).toThrow('This is no token');
  },
);
