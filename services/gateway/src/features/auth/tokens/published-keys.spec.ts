import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, jwtVerify, SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PublishedKeys, refreshMs } from './published-keys.js';

const hour = 3_600_000;
const keepForMs = 12 * hour;
const keysReadAt = Date.UTC(2026, 10, 1);

describe('PublishedKeys', () => {
  let server: Server;
  let port: number;
  let published: JWK[];
  let warnings: string[];
  let readings: string[];
  let keys: PublishedKeys;

  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: keysReadAt });
    [port, published, warnings, readings] = [0, [], [], []];
    await serve();
    keys = new PublishedKeys({
      url: `http://127.0.0.1:${port}/`,
      keepForMs,
      logger: {
        info: (text: string) => void warnings.push(text),
        warn: (_: object, text: string) => void warnings.push(text),
      } as never,
      count: (result) => void readings.push(result),
      now: () => Date.now(),
    });
  });
  afterEach(async () => {
    vi.useRealTimers();
    await stop();
  });

  it('keeps known keys good for hours while their server is away, and says so once', async () => {
    const token = await tokenOf(await newKey('k1'));
    await expect(check(token)).resolves.toBe('ann');
    await stop();
    for (const away of [refreshMs, 2 * refreshMs, hour, 11 * hour]) {
      vi.setSystemTime(keysReadAt + away);
      await expect(check(token)).resolves.toBe('ann');
    }
    expect(warnings).toEqual(['the signing keys cannot be read; known ones stay good']);
    expect(readings.filter((result) => result === 'failed').length).toBeGreaterThan(1);
    expect([keys.ageMs, keys.goodUntil, keys.count]).toEqual([11 * hour, keysReadAt + keepForMs, 1]);
  });

  it('trusts nobody any more when they have been away for too long', async () => {
    const token = await tokenOf(await newKey('k1'));
    await check(token);
    await stop();
    vi.setSystemTime(keysReadAt + keepForMs);
    await expect(check(token)).rejects.toMatchObject({ reason: 'STORE_UNAVAILABLE' });
  });

  it('knows a withdrawn key at the first use after ten minutes, and a new one at once', async () => {
    const old = await tokenOf(await newKey('k1'));
    await check(old);
    published = [];
    const fresh = await tokenOf(await newKey('k2'));
    vi.setSystemTime(keysReadAt + 10_000);
    await expect(check(fresh)).resolves.toBe('ann');
    await expect(check(old)).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' });
    published = [];
    await newKey('k3');
    vi.setSystemTime(keysReadAt + 10_000 + refreshMs);
    await expect(check(fresh)).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' });
  });

  it('says that the keys cannot be had for a key that nobody knows, and reads them when their server is back', async () => {
    const known = await tokenOf(await newKey('k1'));
    await check(known);
    const unknown = await tokenOf(await newKey('k2'));
    await stop();
    vi.setSystemTime(keysReadAt + refreshMs);
    await expect(check(unknown)).rejects.toMatchObject({ reason: 'STORE_UNAVAILABLE' });
    await serve();
    vi.setSystemTime(keysReadAt + refreshMs + 10_000);
    await expect(check(unknown)).resolves.toBe('ann');
    await vi.waitFor(() => expect(warnings.at(-1)).toBe('the signing keys are read again'));
  });

  it('keeps what it knows when the server answers something that is no set of keys', async () => {
    const token = await tokenOf(await newKey('k1'));
    await check(token);
    published = 'nonsense' as never;
    vi.setSystemTime(keysReadAt + refreshMs);
    await expect(check(token)).resolves.toBe('ann');
    expect(readings).toEqual(['ok', 'failed']);
  });

  async function serve(): Promise<void> {
    server = createServer((_request, response) => response.end(JSON.stringify({ keys: published }))).listen(
      port,
      '127.0.0.1',
    );
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  }

  async function stop(): Promise<void> {
    if (!server.listening) return;
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }

  async function newKey(kid: string) {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    published.push({ ...(await exportJWK(publicKey)), kid, alg: 'ES256' });
    return { kid, privateKey };
  }

  function tokenOf({ kid, privateKey }: Awaited<ReturnType<typeof newKey>>): Promise<string> {
    return new SignJWT({ sub: 'ann' }).setProtectedHeader({ alg: 'ES256', kid }).sign(privateKey);
  }

  async function check(token: string): Promise<string | undefined> {
    return (await jwtVerify(token, keys.keyOf)).payload.sub;
  }
});
