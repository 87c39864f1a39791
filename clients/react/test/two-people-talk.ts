import type { Browser, Page } from 'playwright-core';

/**
 * Opens a page of the documentation in two windows, as `one` and as `other`, and has them talk. Resolves with the windows, still
 * open, and what was seen; rejects when one does not show within 30 s what the other has said, or that it types.
 */
export async function twoPeopleTalk(
  browser: Browser,
  url: string,
  [one, other]: Names = ['ann', 'bob'],
): Promise<Talk> {
  const seen: string[] = [];
  const [ann, bob] = [await open(browser, `${url}?user=${one}`), await open(browser, `${url}?user=${other}`)];
  await Promise.all([ann, bob].map((page) => page.getByText('online').waitFor()));
  await ann.getByPlaceholder('Talk to').fill(other);
  await ann.getByPlaceholder('Talk to').press('Enter');
  await ann.getByPlaceholder('Message').fill('Hello Bob!');
  await ann.getByPlaceholder('Message').press('Enter');
  await bob.getByRole('button', { name: one }).click();
  await bob.locator('p', { hasText: 'Hello Bob!' }).waitFor();
  seen.push(`${other} reads "Hello Bob!"`);
  await bob.getByPlaceholder('Message').pressSequentially('Hello');
  await ann.getByText(`${other} is typing`).waitFor();
  seen.push(`${one} sees that ${other} types`);
  await bob.getByPlaceholder('Message').fill('Hello Ann!');
  await bob.getByPlaceholder('Message').press('Enter');
  await ann.locator('p', { hasText: 'Hello Ann!' }).waitFor();
  await ann.getByText(`${other} is typing`).waitFor({ state: 'detached' });
  seen.push(`${one} reads "Hello Ann!"`);
  return { ann, bob, seen };
}

/** Who talks: users of whom nobody has said anything to the other yet. */
export type Names = readonly [one: string, other: string];

/** The windows of both, and what they have seen. */
export interface Talk {
  readonly seen: readonly string[];
  readonly ann: Page;
  readonly bob: Page;
}

async function open(browser: Browser, url: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  page.setDefaultTimeout(30_000);
  page.on('pageerror', (error) => process.stderr.write(`${url} threw: ${error.message}\n`));
  await page.goto(url);
  return page;
}
