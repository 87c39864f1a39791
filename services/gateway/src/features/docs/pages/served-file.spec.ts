import { once } from 'node:events';
import { createServer, type IncomingMessage, type OutgoingHttpHeaders, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ServedFile } from './served-file.js';

describe('ServedFile', () => {
  const text = 'the same for everybody '.repeat(50);
  let file: ServedFile;
  let server: Server;

  beforeAll(async () => {
    file = await ServedFile.of(text, 'text/plain; charset=utf-8');
    server = createServer((incoming, response) => file.answer(incoming, response, { 'x-own': 'yes' }));
    await once(server.listen(0, '127.0.0.1'), 'listening');
  });
  afterAll(() => void server.close());

  it.each<[header: string | undefined, coding: string | undefined]>([
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip, deflate', 'gzip'],
    ['BR;q=0.5', 'br'],
    ['br;q=0, gzip', 'gzip'],
    ['br;q=0.000', undefined],
    ['identity', undefined],
    ['brx', undefined],
    [undefined, undefined],
  ])('answers who accepts %s in the coding %s, with the same bytes in it', async (header, coding) => {
    const answer = await get(header === undefined ? {} : { 'accept-encoding': header });
    expect([answer.status, answer.headers['content-encoding'], answer.headers['vary']]).toEqual([
      200,
      coding,
      'accept-encoding',
    ]);
    const plain = { br: brotliDecompressSync, gzip: gunzipSync }[coding ?? ''] ?? ((bytes: Buffer) => bytes);
    expect(plain(answer.body).toString()).toBe(text);
    expect(answer.headers).toMatchObject({ 'x-own': 'yes', 'x-content-type-options': 'nosniff' });
  });

  it('does not send again what the client has, told by the etag of the same coding', async () => {
    const accept = { 'accept-encoding': 'br' };
    const { etag, 'cache-control': caching } = (await get(accept)).headers;
    expect(caching).toBe('no-cache');
    const again = await get({ ...accept, 'if-none-match': `"other", ${etag}` });
    expect([again.status, again.body.length, again.headers['etag']]).toEqual([304, 0, etag]);
    expect((await get({ 'accept-encoding': 'gzip', 'if-none-match': String(etag) })).status).toBe(200);
  });

  it('tells the size alone to a HEAD', async () => {
    const [head, got] = [await get({}, 'HEAD'), await get({})];
    expect([head.body.length, head.headers['content-length']]).toEqual([0, String(got.body.length)]);
  });

  it('has another hash for other bytes, and the same for the same', async () => {
    expect((await ServedFile.of(text, 'text/plain')).hash).toBe(file.hash);
    expect((await ServedFile.of(`${text}!`, 'text/plain')).hash).not.toBe(file.hash);
    expect(file.hash).toMatch(/^[A-Za-z0-9]{16}$/);
  });

  async function get(headers: OutgoingHttpHeaders, method = 'GET') {
    const asked = request({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', method, headers }).end();
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    return { status: answer.statusCode, headers: answer.headers, body: Buffer.concat(await answer.toArray()) };
  }
});
