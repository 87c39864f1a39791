import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startTestStack, type TestStack } from '@parlance/devstack';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { needChromium } from './fixtures/need-chromium.js';
import { SendLine } from './fixtures/send-line.js';
import { launchChromium, Window } from './fixtures/window.js';

const run = promisify(execFile);
const repository = fileURLToPath(new URL('../../../', import.meta.url));
const chromium = needChromium('the page of docs/build-a-page.md is not tried');

describe('the page of docs/build-a-page.md in a browser', { timeout: 180_000 }, () => {
  let folder: string;
  let stack: TestStack;
  let browser: Browser;
  let server: Server;
  let origin: string;

  beforeAll(async () => {
    if (chromium === undefined) return;
    folder = await mkdtemp(join(tmpdir(), 'parlance-page-'));
    [stack, browser] = await Promise.all([startTestStack(), launchChromium(chromium), makePage(folder)]);
    await writeFile(join(folder, '.env.local'), `VITE_PARLANCE_URL=${stack.gateways[0].url}\n`);
    await run('npx', ['vite', 'build', '--logLevel', 'error'], { cwd: folder });
    server = createServer((request, response) => void answer(join(folder, 'dist'), request.url ?? '/', response));
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const address = server.address();
    origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  }, 600_000);

  afterAll(async () => {
    await browser?.close();
    server?.close();
    await stack?.[Symbol.asyncDispose]();
    if (folder) await rm(folder, { recursive: true });
  });

  it('is correctly typed', async () => {
    const compiler = join(repository, 'node_modules/typescript/bin/tsc');
    const kind = ['--module', 'esnext', '--moduleResolution', 'bundler', '--target', 'es2023', '--lib', 'es2023,dom'];
    const checked = run(process.execPath, [compiler, '--noEmit', '--strict', '--ignoreConfig', ...kind, 'chat.ts'], {
      cwd: folder,
    });
    expect(await checked).toEqual({ stdout: '', stderr: '' });
  });

  it('carries a conversation of two, and what did not get out over the end of the tab', async () => {
    const ann = await Window.open(browser, `${origin}/?me=ann&other=bob`);
    const bob = await Window.open(browser, `${origin}/?me=bob&other=ann`);
    const line = await SendLine.inFrontOf(bob, stack.gateways[0].url);
    await bob.page.reload();
    await shows(ann.page, 'You are ann');
    await shows(bob.page, 'You are bob');
    await ann.say('Shall we have lunch?');
    await shows(bob.page, 'ann: Shall we have lunch?');
    await shows(ann.page, 'ann: Shall we have lunch? (read)');

    line.hold();
    await bob.say('At one, then.');
    await shows(bob.page, 'bob: At one, then. (sending)');
    await line.held;
    await bob.page.goto('about:blank');
    line.release();
    await bob.page.goto(`${origin}/?me=bob&other=ann`);
    await shows(bob.page, 'bob: At one, then. (read)');
    await shows(ann.page, 'bob: At one, then.');
    expect(await ann.page.getByText('bob: At one, then.').count()).toBe(1);
    expect([...ann.complaints, ...bob.complaints]).toEqual([]);
  });
});

async function shows(page: Page, line: string): Promise<void> {
  await page.getByText(line, { exact: true }).waitFor({ timeout: 60_000 });
}

/** Everything that the page has its reader save and install. */
async function makePage(folder: string): Promise<void> {
  const packed = join(folder, 'packed');
  await run(process.execPath, [join(repository, 'k8s/dist/packages/main.js'), '--into', packed]);
  const page = await readFile(join(repository, 'docs/build-a-page.md'), 'utf8');
  for (const [, name = '', text = ''] of page.matchAll(/<!-- walk: file (\S+) -->\n```\w*\n([\s\S]*?)^```$/gm)) {
    await writeFile(join(folder, name), text);
  }
  const manifest = JSON.parse(await readFile(join(repository, 'clients/typescript/package.json'), 'utf8')) as Manifest;
  await writeFile(join(folder, 'package.json'), '{ "private": true }');
  const flags = ['--no-audit', '--no-fund', '--prefer-offline'];
  const wanted = ['vite@8', join(packed, `parlance-client-${manifest.version}.tgz`)];
  await run('npm', ['install', ...flags, ...wanted], { cwd: folder });
}

interface Manifest {
  readonly version: string;
}

/** Hands out what Vite has built. */
async function answer(folder: string, url: string, response: ServerResponse): Promise<void> {
  const path = new URL(url, 'http://page').pathname;
  const file = path === '/' ? '/index.html' : path;
  const body = await readFile(join(folder, file)).catch(() => undefined);
  if (body === undefined) return void response.writeHead(404).end();
  response.writeHead(200, { 'content-type': contentTypes[extname(file)] ?? 'application/octet-stream' }).end(body);
}

const contentTypes: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript' };
