import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startTestStack, type TestStack } from '@parlance/devstack';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { needChromium } from '../../web/test/fixtures/need-chromium.js';
import { launchChromium } from '../../web/test/fixtures/window.js';
import { serveBuilt } from './serve-built.js';
import { twoPeopleTalk } from './two-people-talk.js';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const chromium = needChromium('the hooks are tested in memory only');

describe('pages of React in a browser', { timeout: 180_000 }, () => {
  const folder = at('../dist/readme-page');
  let stack: TestStack;
  let browser: Browser;

  beforeAll(async () => {
    if (chromium === undefined) return;
    [stack, browser] = await Promise.all([startTestStack(), launchChromium(chromium)]);
    await mkdir(folder, { recursive: true });
    const program = (await programOfReadme()).replace('http://127.0.0.1:3000', stack.gateways[0].url);
    await writeFile(join(folder, 'main.tsx'), program);
    await writeFile(join(folder, 'index.html'), '<div id="app"></div><script type="module" src="/main.tsx"></script>');
  });

  afterAll(async () => {
    await browser?.close();
    await stack?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  it('the program of the README has 30 lines and is correctly typed', async () => {
    expect((await programOfReadme()).trimEnd().split('\n')).toHaveLength(30);
    const options = [
      '--strict',
      '--jsx',
      'react-jsx',
      '--module',
      'nodenext',
      '--target',
      'es2022',
      '--types',
      'react',
    ];
    const compiler = at('../../../node_modules/typescript/bin/tsc');
    const file = join(folder, 'main.tsx');
    await promisify(execFile)(process.execPath, [compiler, '--noEmit', '--ignoreConfig', ...options, file]);
  });

  it.each([
    [
      '18',
      { react: at('../../react-18/node_modules/react'), 'react-dom': at('../../react-18/node_modules/react-dom') },
    ],
    ['19', {}],
  ])('two people talk on it with React %s', async (version, alias) => {
    await using page = await serveBuilt(folder, { alias });
    const { ann, bob, seen } = await twoPeopleTalk(browser, page.url, [`ann-${version}`, `bob-${version}`]);
    expect(seen).toHaveLength(3);
    await Promise.all([ann, bob].map((window) => window.context().close()));
  });

  it('two people talk on the page of docs/build-a-react-page.md, on a desk and on a phone', async () => {
    await using page = await serveBuilt(at('../../../examples/react-page'), {
      define: { 'import.meta.env.VITE_PARLANCE_URL': JSON.stringify(stack.gateways[0].url) },
    });
    const { ann, bob, seen } = await twoPeopleTalk(browser, page.url);
    expect(seen).toEqual(['bob reads "Hello Bob!"', 'ann sees that bob types', 'ann reads "Hello Ann!"']);
    await ann.locator('p', { hasText: 'Hello Bob!' }).getByText('read').waitFor();
    await ann.setViewportSize({ width: 390, height: 844 });
    const overflowPixels = await ann.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflowPixels).toBe(0);
    await ann.getByRole('button', { name: 'Back' }).click();
    await ann.getByRole('button', { name: 'bob' }).waitFor();
    await Promise.all([ann, bob].map((window) => window.context().close()));
  });
});

async function programOfReadme(): Promise<string> {
  const readme = await readFile(at('../README.md'), 'utf8');
  const [, program = ''] = /```tsx\n([\s\S]*?)```/.exec(readme) ?? [];
  return program;
}
