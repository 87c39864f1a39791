import { createSecretKey } from 'node:crypto';
import { jwtVerify } from 'jose';
import { expect, test } from 'vitest';
import { DEMO_SECRETS } from './demo-secrets.js';
import { DEMO_ISSUER, demoToken } from './demo-token.js';

const key = createSecretKey(Buffer.from(DEMO_SECRETS.jwtSecret));

test('a token says for whom it is, for how long, and what it may', async () => {
  const { payload } = await jwtVerify(await demoToken({ user: 'ann', scope: 'admin', ttl: '15m' }), key, DEMO_ISSUER);
  expect(payload).toMatchObject({ sub: 'ann', scope: 'admin' });
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(900);
});

test('a token without a scope has none, and a time that is none is an error', async () => {
  const { payload } = await jwtVerify(await demoToken({ user: 'ann', ttl: '1d' }), key);
  expect(payload).not.toHaveProperty('scope');
  expect(() => demoToken({ user: 'ann', ttl: 'soon' })).toThrow(TypeError);
});
