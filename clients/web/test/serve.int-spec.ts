import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePorts, type SupervisedProcess, startProcess, waitForReady } from '@parlance/devstack';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const workspace = fileURLToPath(new URL('../', import.meta.url));
const serve = join(workspace, 'dist-server/serve.js');

describe('the web server', () => {
  let directory: string;
  let server: SupervisedProcess;
  let port: number;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'parlance-serve-'));
    [port = 0] = await freePorts(1);
    server = await startProcess({
      name: 'web',
      command: process.execPath,
      args: [serve],
      env: { WEB_PORT: `${port}`, GATEWAY_URL: 'https://chat.example:8443/parlance/' },
      logFile: join(directory, 'web.log'),
      ready: ({ signal }) => waitForReady(`http://127.0.0.1:${port}/readyz`, signal, () => undefined),
    });
  });

  afterAll(async () => {
    await server?.stop();
    await rm(directory, { recursive: true, force: true });
  });

  /** A request whose path goes out exactly as it is written. */
  const ask = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> =>
    new Promise((resolve, reject) => {
      request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers as Record<string, string>,
            body: Buffer.concat(chunks).toString(),
          }),
        );
      })
        .on('error', reject)
        .end();
    });
  const navigate = { accept: 'text/html', 'sec-fetch-mode': 'navigate' };

  it('serves the page and its files, with the right types and lifetimes', async () => {
    const page = await ask('/');
    expect(page).toMatchObject({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } });
    expect(page.headers['cache-control']).toBe('no-cache');
    const script = /assets\/[\w-]+\.js/.exec(page.body)?.[0];
    expect(await ask(`/${script}`)).toMatchObject({
      status: 200,
      headers: {
        'content-type': 'text/javascript; charset=utf-8',
        'cache-control': 'public, max-age=31536000, immutable',
      },
    });
    expect((await ask('/', { 'accept-encoding': 'gzip' })).headers['content-encoding']).toBe('gzip');
    expect((await ask('/', { 'if-none-match': page.headers['etag'] ?? '' })).status).toBe(304);
  });

  it('keeps idle connections longer than a load balancer keeps its own', async () => {
    expect((await ask('/')).headers['keep-alive']).toBe('timeout=75');
  });

  it('tells the page where the gateway is', async () => {
    const { body, headers } = await ask('/config.json');
    expect(JSON.parse(body)).toEqual({ gatewayUrl: 'https://chat.example:8443/parlance' });
    expect(headers['cache-control']).toBe('no-store');
  });

  it('lets the page connect to the gateway and nowhere else', async () => {
    const { headers } = await ask('/');
    const policy = headers['content-security-policy'] ?? '';
    expect(policy).toContain("connect-src 'self' https://chat.example:8443 wss://chat.example:8443;");
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
  });

  it('answers an unknown path with the page when somebody goes there, and with 404 otherwise', async () => {
    expect(await ask('/rooms', navigate)).toMatchObject({
      status: 200,
      headers: { 'content-type': 'text/html; charset=utf-8' },
    });
    expect(await ask('/a/b', navigate)).toMatchObject({ status: 302, headers: { location: '/' } });
    expect((await ask('/rooms')).status).toBe(404);
    expect((await ask('/rooms', { ...navigate, 'sec-fetch-mode': 'cors' })).status).toBe(404);
    expect((await ask('/assets/gone.js', navigate)).status).toBe(404);
  });

  it.each([
    '/../package.json',
    '/assets/../../package.json',
    '/%2e%2e/package.json',
    '/..%2fpackage.json',
    '/assets/..%5c..%5cpackage.json',
    '//etc/passwd',
    '/\0',
  ])('leads nobody out of the folder by %j', async (path) => {
    const answer = await ask(path.replace('\0', '%00'));
    expect(answer.status).toBe(404);
    expect(answer.body).toBe('not found');
  });

  it('reads only', async () => {
    expect(await ask('/', {}, 'POST')).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
    expect(await ask('/', {}, 'HEAD')).toMatchObject({ status: 200, body: '' });
  });

  it('says all that is wrong with its environment, and ends', async () => {
    const env = { WEB_PORT: 'many', GATEWAY_URL: 'chat.example/path' };
    const failure = promisify(execFile)(process.execPath, [serve], { env });
    await expect(failure).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/WEB_PORT: must be a port[^]*GATEWAY_URL: must be an http or https URL/),
    });
  });

  it('stops on SIGTERM', async () => {
    await server.stop();
    expect(await server.exited).toMatchObject({ code: 0, signal: null });
  });
});

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
