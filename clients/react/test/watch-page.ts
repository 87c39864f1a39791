import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { findChromium } from '../../web/test/fixtures/find-chromium.ts';
import { twoPeopleTalk } from './two-people-talk.ts';

/**
 * `watch-page.ts URL`: opens a page in Chromium as ann and as bob and lets them talk. Prints what each has seen, and ends with 1 and
 * the reason when it is not that, or where there is no Chromium.
 */
const [url] = parseArgs({ allowPositionals: true }).positionals;
const executablePath = findChromium();
if (url === undefined) throw new Error('usage: watch-page.ts URL');
if (executablePath === undefined) throw new Error('there is no Chromium on this machine: set CHROMIUM_BIN');
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
try {
  const { seen } = await twoPeopleTalk(browser, url);
  process.stdout.write(`${seen.join('\n')}\n`);
} finally {
  await browser.close();
}
