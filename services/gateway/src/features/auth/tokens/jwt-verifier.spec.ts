import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JwtVerifier } from './jwt-verifier.js';
import { PublishedKeys } from './published-keys.js';

const secret = 'a-secret-of-at-least-32-characters-0123';
const issuer = 'parlance';
const audience = 'parlance-chat';
const now = () => Date.now();
const nowSeconds = Math.floor(Date.now() / 1000);
const claims = { sub: 'ann', iss: issuer, aud: audience, exp: nowSeconds + 60 };

describe('JwtVerifier with several secrets', () => {
  const others = ['the-next-secret-of-at-least-32-characters', 'one-before-it-of-at-least-32-characters'] as const;
  const verifier = new JwtVerifier({
    keys: { kind: 'secrets', secrets: [others[0], secret, others[1]] },
    issuer,
    audience,
    now,
  });

  it.each([...others, secret])('takes tokens of each of them', async (key) => {
    await expect(verifier.verify(await hs256(claims, key))).resolves.toMatchObject({ userId: 'ann' });
    await expect(verifier.verify(await hs256({ ...claims, exp: nowSeconds - 60 }, key))).rejects.toMatchObject({
      reason: 'TOKEN_EXPIRED',
    });
  });

  it('takes no others', async () => {
    await expect(
      verifier.verify(await hs256(claims, 'another-secret-of-at-least-32-characters')),
    ).rejects.toMatchObject({ reason: 'UNAUTHENTICATED' });
  });
});

describe('JwtVerifier with a secret', () => {
  const verifier = new JwtVerifier({ keys: { kind: 'secrets', secrets: [secret] }, issuer, audience, now });

  it('names the user of a good token and its end', async () => {
    await expect(verifier.verify(await hs256(claims))).resolves.toEqual({
      userId: 'ann',
      issuedAt: 0,
      scopes: [],
      expiresAt: claims.exp * 1000,
    });
  });

  it('tells an expired token from a wrong one', async () => {
    await expect(verifier.verify(await hs256({ ...claims, exp: nowSeconds - 60 }))).rejects.toMatchObject({
      reason: 'TOKEN_EXPIRED',
    });
  });

  it('forgives clocks a few seconds', async () => {
    await expect(verifier.verify(await hs256({ ...claims, exp: nowSeconds - 2 }))).resolves.toMatchObject({
      userId: 'ann',
    });
  });

  const noJwt = 'The token is no signed JWT: that is three parts in base64url with dots between them.';
  const algorithm = "The token's algorithm is not taken; sign with HS256.";
  const reserved = "The token's claim sub is reserved: no user has an id that begins with system or parlance.";
  const signature = "The token's signature does not fit: it was made with another key, or the token was changed.";
  const asked = { iss: 'parlance (JWT_ISSUER)', aud: 'parlance-chat (JWT_AUDIENCE)' };

  it.each<[what: string, token: () => string | Promise<string>, message: string]>([
    ['nothing', () => '', noJwt],
    ['something that is no token', () => 'a.b.c', noJwt],
    ['a token without signature', () => unsigned({ alg: 'none', typ: 'JWT' }, ''), algorithm],
    ['alg none with a signature', () => unsigned({ alg: 'none' }, 'c2ln'), algorithm],
    ['alg NONE in other letters', () => unsigned({ alg: 'nOnE' }, ''), algorithm],
    ['another secret', () => hs256(claims, 'another-secret-of-at-least-32-characters'), signature],
    ['another algorithm of the same secret', () => hs256(claims, secret, 'HS512'), algorithm],
    ['a changed payload', async () => swapPayload(await hs256(claims), { ...claims, sub: 'ben' }), signature],
    ['another issuer', () => hs256({ ...claims, iss: 'x' }), `The token's claim iss does not name ${asked.iss}.`],
    ['no issuer', () => hs256(without('iss')), `The token has no claim iss: it has to name ${asked.iss}.`],
    ['another audience', () => hs256({ ...claims, aud: 'x' }), `The token's claim aud does not name ${asked.aud}.`],
    ['no audience', () => hs256(without('aud')), `The token has no claim aud: it has to name ${asked.aud}.`],
    ["a subject that is no user's", () => hs256({ ...claims, sub: 'system:crm' }), reserved],
    ["a subject that is a job's", () => hs256({ ...claims, sub: 'parlance:audit' }), reserved],
    ['no expiry', () => hs256(without('exp')), 'The token has no claim exp.'],
    [
      'an expiry that is no number',
      () => hs256({ ...claims, exp: '2026-01-01' as unknown as number }),
      "The token's claim exp has another form: it is a number, Unix seconds.",
    ],
    [
      'a start in the future',
      () => hs256({ ...claims, nbf: nowSeconds + 600 }),
      'The token is not valid yet: its claim nbf is in the future by the clock of this server.',
    ],
  ])('refuses %s, and says why', async (_what, token, message) => {
    await expect(verifier.verify(await token())).rejects.toMatchObject({ reason: 'UNAUTHENTICATED', message });
  });

  it('says nothing of claims, and repeats nothing, to who has no genuine token', async () => {
    const forged = { sub: 'auth0|x', iss: 'someone', aud: 'something', exp: nowSeconds - 60, nbf: nowSeconds + 600 };
    const token = await hs256(forged, 'another-secret-of-at-least-32-characters');
    await expect(verifier.verify(token)).rejects.toMatchObject({ reason: 'UNAUTHENTICATED', message: signature });
  });
});

describe('the user of a token', () => {
  const verifier = new JwtVerifier({ keys: { kind: 'secrets', secrets: [secret] }, issuer, audience, now });
  const form = 'a user id is 1 to 128 letters, digits or any of _ . : - (JWT_USER_CLAIM chooses the claim).';

  it.each<[what: string, sub: unknown, fault: string]>([
    ['an identity provider that writes bars', 'auth0|5f7c8ec7c33c6c004bbafe82', 'has another form'],
    ['an address', 'ann@example.com', 'has another form'],
    ['a distinguished name', 'CN=Ann,O=Example', 'has another form'],
    ['braces', 'ann{1}', 'has another form'],
    ['nothing', '', 'has another form'],
    ['too much', 'a'.repeat(129), 'has another form'],
    ['a number', 42, 'is not text'],
    ['a list', ['ann'], 'is not text'],
    ['no claim', undefined, 'is missing'],
  ])('is not %s, and the answer says why', async (_what, sub, fault) => {
    const token = await hs256({ ...claims, sub } as JWTPayload);
    await expect(verifier.verify(token)).rejects.toMatchObject({
      reason: 'UNAUTHENTICATED',
      message: `The token's claim sub ${fault}: ${form}`,
    });
  });

  it.each(['chat_id', 'https://example.com/chat-id'])('is what the chosen claim %s says', async (userClaim) => {
    const chosen = new JwtVerifier({ keys: { kind: 'secrets', secrets: [secret] }, issuer, audience, userClaim, now });
    const token = await hs256({ ...claims, sub: 'auth0|x', [userClaim]: 'ann-5f7c' });
    await expect(chosen.verify(token)).resolves.toMatchObject({ userId: 'ann-5f7c' });
    await expect(chosen.verify(await hs256(claims))).rejects.toMatchObject({
      message: expect.stringContaining(`claim ${userClaim} is missing`),
    });
  });
});

describe('JwtVerifier with published keys', () => {
  let server: Server;
  let url: string;
  let privateKey: Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];

  beforeAll(async () => {
    const pair = await generateKeyPair('ES256');
    privateKey = pair.privateKey;
    const keys = [{ ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'ES256' }];
    server = createServer((_request, response) => response.end(JSON.stringify({ keys }))).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  afterAll(() => void server.close());

  it('accepts a token signed by a published key', async () => {
    const token = await new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'k1' }).sign(privateKey);
    await expect(verifierAt(url).verify(token)).resolves.toMatchObject({ userId: 'ann' });
  });

  it('refuses a key that is not published', async () => {
    const token = await new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'k2' }).sign(privateKey);
    await expect(verifierAt(url).verify(token)).rejects.toMatchObject({
      reason: 'UNAUTHENTICATED',
      message: "No published key is the token's: its header names by kid and alg one of those at JWT_JWKS_URL.",
    });
  });

  it('refuses a token signed with the public key as a secret', async () => {
    await expect(verifierAt(url).verify(await hs256(claims))).rejects.toMatchObject({ reason: 'UNAUTHENTICATED' });
  });

  it('does not blame the token when the keys cannot be fetched', async () => {
    const token = await new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'k1' }).sign(privateKey);
    await expect(verifierAt('http://127.0.0.1:1/').verify(token)).rejects.toMatchObject({
      reason: 'STORE_UNAVAILABLE',
    });
  });
});

function verifierAt(url: string): JwtVerifier {
  const logger = { info: () => undefined, warn: () => undefined };
  const keys = new PublishedKeys({ url, keepForMs: 60_000, logger, count: () => undefined, now });
  return new JwtVerifier({ keys: { kind: 'jwks', keys }, issuer, audience, now });
}

function without(claim: keyof typeof claims): JWTPayload {
  const { [claim]: _gone, ...rest } = claims;
  return rest;
}

function hs256(payload: JWTPayload, key = secret, alg = 'HS256'): Promise<string> {
  return new SignJWT(payload).setProtectedHeader({ alg }).sign(new TextEncoder().encode(key));
}

function unsigned(header: object, signature: string): string {
  return [header, claims].map(base64url).concat(signature).join('.');
}

function swapPayload(token: string, payload: object): string {
  const [header, , signature] = token.split('.');
  return [header, base64url(payload), signature].join('.');
}

function base64url(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
