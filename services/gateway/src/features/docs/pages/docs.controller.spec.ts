import 'reflect-metadata';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type INestApplication, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { packReference } from '../../../documentation/pack-reference.js';
import { docsParts } from './docs-parts.js';

describe('/api/docs', () => {
  let app: INestApplication<Server>;

  beforeAll(() => packReference());
  afterEach(() => app.close());

  it('is a page that takes nothing from elsewhere, and scripts that may be kept for a year', async () => {
    const url = await serve({ apiDocs: true });
    const page = await fetch(url);
    expect(page.headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; connect-src 'self'; img-src data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    );
    expect(page.headers.get('cache-control')).toBe('no-cache');
    const scripts = [...(await page.text()).matchAll(/<script src="\/api\/docs([^"]+)"/g)].map(([, name]) => name);
    expect(scripts).toEqual([expect.stringMatching(/^\/reference-\w{16}\.js$/), '/start.js']);
    const reference = await fetch(`${url}${scripts[0]}`, { headers: { 'accept-encoding': 'gzip' } });
    expect([reference.status, reference.headers.get('cache-control')]).toEqual([
      200,
      'public, max-age=31536000, immutable',
    ]);
    // What the comparison of the ADR says.
    expect(Number(reference.headers.get('content-length'))).toBeLessThan(1_500_000);
    expect(await reference.text()).toContain('createApiReference');
    expect((await fetch(`${url}/reference-0123456789abcdef.js`)).status).toBe(404);
  });

  it('does not exist where API_DOCS is off', async () => {
    const url = await serve({ apiDocs: false });
    for (const path of ['', '/openapi.json', '/asyncapi.json', '/start.js'])
      expect((await fetch(`${url}${path}`)).status, path).toBe(404);
  });

  async function serve(config: { readonly apiDocs: boolean }): Promise<string> {
    app = await NestFactory.create<INestApplication<Server>>(
      { module: Alone, ...docsParts(config) },
      { logger: false },
    );
    await app.listen(0, '127.0.0.1');
    return `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}/api/docs`;
  }
});

@Module({})
class Alone {}
