import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { needChromium } from '../../../../clients/web/test/fixtures/need-chromium.js';
import { HttpClient } from '../../src/clients/http-client.js';
import { signToken } from '../../src/clients/sign-token.js';
import { type Deployment, startDeployment } from '../../src/deployment/start-deployment.js';

const executablePath = needChromium('the tests of /api/docs do not run');
let parlance: Deployment;
let browser: Browser;
let url: string;

beforeAll(async () => {
  if (executablePath === undefined) return;
  // Without it the page is a list.
  execFileSync(process.execPath, [fileURLToPath(new URL('dist/documentation/pack-reference.js', gatewayFolder))]);
  [parlance, browser] = await Promise.all([
    startDeployment({ mongo: 'shared', envOf: () => ({ ALLOWED_ORIGINS: 'http://127.0.0.1:*' }) }),
    chromium.launch({ executablePath, args: ['--no-sandbox'] }),
  ]);
  url = parlance.gateways[0]?.url ?? '';
});

afterAll(async () => {
  await browser?.close();
  await parlance?.[Symbol.asyncDispose]();
});

it('shows every operation at an address of its own, on a phone', async () => {
  const { page, complaints } = await open('/api/docs', { width: 390, colorScheme: 'light' });
  const { paths } = await documentOf<OpenApi>('openapi.json');
  await page.getByRole('heading', { level: 1 }).waitFor();
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, { summary }] of Object.entries(methods)) {
      const section = page.locator(`[id$="/${method.toUpperCase()}${path}"]`);
      await section.scrollIntoViewIfNeeded();
      await section.getByRole('heading', { level: 3, name: summary, exact: true }).waitFor();
    }
  }
  expect(await widthOf(page)).toBe(390);
  expect(complaints).toEqual([]);
});

it('shows every socket event at an address of its own, dark, on a phone', async () => {
  const { page, complaints } = await open('/api/docs?api=socket-events', { width: 390, colorScheme: 'dark' });
  const { operations } = await documentOf<{ readonly operations: Readonly<Record<string, object>> }>('asyncapi.json');
  for (const name of Object.keys(operations)) {
    const section = page.locator(`[id$="/operation/${name.toLowerCase()}"]`);
    await section.getByRole('heading', { level: 3 }).first().waitFor();
  }
  expect(await widthOf(page)).toBe(390);
  expect(await page.evaluate('document.body.className')).toContain('dark-mode');
  expect(complaints).toEqual([]);
});

it('finds an operation, and tries it with a token', async () => {
  const { page, complaints } = await open('/api/docs', { width: 1280, colorScheme: 'light' });
  const ann = new HttpClient(url, 'ann');
  await page.getByPlaceholder('Token').first().fill(signToken('ann'));
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('combobox').fill('room');
  await page.getByRole('dialog').getByRole('option').first().waitFor();
  await page.keyboard.press('Escape');

  const section = page.locator('[id$="/POST/api/v1/rooms"]');
  await section.getByRole('button', { name: /Test Request/ }).click();
  const answered = page.waitForResponse((response) => response.url() === `${url}/api/v1/rooms`);
  await page.getByRole('dialog').getByRole('button', { name: /^Send/ }).first().click();
  const answer = await answered;
  expect([answer.request().method(), answer.status()]).toEqual(['POST', 200]);
  const { data } = (await answer.json()) as { readonly data: { readonly roomId: string } };
  expect(await ann.ask('GET', `/rooms/${data.roomId}`)).toMatchObject({ role: 'owner' });
  expect(complaints).toEqual([]);
});

const gatewayFolder = new URL('../../../gateway/', import.meta.url);

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly summary: string }>>>>;
}

/** Opens the page and notes all that it asks of others than the gateway, and all that the browser says of it. */
async function open(path: string, { width, colorScheme }: { width: number; colorScheme: 'light' | 'dark' }) {
  const page = await browser.newPage({ viewport: { width, height: 844 }, colorScheme, reducedMotion: 'reduce' });
  page.setDefaultTimeout(120_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('request', (request) => {
    const to = request.url();
    if (!to.startsWith(url) && !/^(?:data|blob):/.test(to)) complaints.push(`asks ${to}`);
  });
  await page.goto(`${url}${path}`);
  return { page, complaints };
}

async function documentOf<Document>(name: string): Promise<Document> {
  return (await (await fetch(`${url}/api/docs/${name}`)).json()) as Document;
}

function widthOf(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth');
}
